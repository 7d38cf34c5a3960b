#!/bin/sh
echo "10-check.sh: configuration is read from /etc/nginx"
