#!/bin/sh
# The API from outside: every route, role and organisation. $ZHUJI is the program.
exec python3 "$(dirname "$0")/api.py"
