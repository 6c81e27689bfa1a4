// What the settings say of roll-ups.
#pragma once
#include "config/settings.h"
#include "rollup/rollup.h"

// Texts are those of the settings; what no setting says is 0.
RollupOptions service_rollup_options(const Settings *settings);
