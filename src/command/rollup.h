// `sojourn rollup`: what its two kinds share.
#pragma once
#include "command/command.h"
#include "rollup/rollup.h"

// With --verify: options of its own, and nothing else may be left.
bool command_rollup_verify(CommandContext *context, const RollupOptions *options, Error *error) MUST_USE;
