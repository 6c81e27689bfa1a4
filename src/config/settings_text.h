// Settings as text: one value, and all that the table yields for people.
#pragma once
#include "base/buf.h"
#include "config/settings.h"

const char *settings_name(SettingId id);
void settings_value_write(const Settings *settings, SettingId id, Buf *buf); // secrets as ********
void settings_origin_write(const Settings *settings, SettingId id,
	Buf *buf);                           // default, FILE:LINE, SOJOURN_NAME, --name
void settings_help_write(Buf *buf);      // for --help
void settings_sample_write(Buf *buf);    // a file with every default, commented out
void settings_reference_write(Buf *buf); // docs/reference/settings.md
