#!/bin/sh
echo "20-ready.sh: ready to start"
