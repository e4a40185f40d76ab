#!/bin/bash
# The pages of both sides that no task of the walk opens, in both languages: no fault, and accessible.
cd "$(dirname "$0")" && TASKS=pages exec bash ./walk.sh
