/* The reader of packs lives in base; files that still name it here go on compiling. */
#ifndef ZJ_PLAN_YAML_H
#define ZJ_PLAN_YAML_H

#include "base/yaml.h"

#endif
