#!/bin/sh
# kill -9 while cases are opened and handed in: what was acknowledged is there, the chain fits.
exec python3 "$(dirname "$0")/work_killed.py"
