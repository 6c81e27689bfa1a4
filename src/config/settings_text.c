#include "config/settings_text.h"

#include "config/setting_row.h"

#include <ctype.h>

#define LINE_SIZE_MAX 110

const char *settings_name(SettingId id)
{
	return setting_row(id)->name;
}

void settings_value_write(const Settings *settings, SettingId id, Buf *buf)
{
	const SettingRow *row = setting_row(id);
	size_t before = buf->size;
	setting_value_write(row, settings, buf);
	if ((row->flags & SETTING_SECRET) == 0 || buf->size == before || !buf_is_ok(buf))
		return;
	buf->size = before;
	buf_append_text(buf, "********");
}

static void variable_write(const char *name, Buf *buf)
{
	buf_append_text(buf, "SOJOURN_");
	for (; *name != '\0'; name++)
		buf_append_byte(buf, (char) toupper((unsigned char) *name));
}

static void flag_write(const char *name, Buf *buf)
{
	buf_append_text(buf, "--");
	for (; *name != '\0'; name++)
		buf_append_byte(buf, *name == '_' ? '-' : *name);
}

void settings_origin_write(const Settings *settings, SettingId id, Buf *buf)
{
	const SettingOrigin *origin = &settings->origins[id];
	switch (origin->kind)
	{
	case SETTING_FROM_DEFAULT:
		buf_append_text(buf, "default");
		return;
	case SETTING_FROM_FILE:
		buf_append_format(buf, "%s:%u", origin->file, origin->line);
		return;
	case SETTING_FROM_ENVIRONMENT:
		variable_write(settings_name(id), buf);
		return;
	case SETTING_FROM_FLAG:
		flag_write(settings_name(id), buf);
		return;
	}
}

static const char *type_word(const SettingRow *row)
{
	switch (row->type)
	{
	case SETTING_TYPE_PATH:
		return "PATH";
	case SETTING_TYPE_IDENTIFIER:
		return "NAME";
	case SETTING_TYPE_URL_PATH:
		return "/PATH";
	case SETTING_TYPE_ADDRESS:
		return "ADDR:PORT";
	case SETTING_TYPE_INTEGER:
		return "N";
	case SETTING_TYPE_BYTES:
		return "SIZE";
	case SETTING_TYPE_DURATION:
		return "N";
	case SETTING_TYPE_BOOL:
		return "true|false";
	case SETTING_TYPE_LIST:
		return "LIST";
	case SETTING_TYPE_LOG_LEVEL:
	case SETTING_TYPE_CONSENT_MODE:
	case SETTING_TYPE_KEY_ROTATION:
	case SETTING_TYPE_TRAILING_SLASH:
	case SETTING_TYPE_PATH_CASE:
		return row->unit;
	default:
		return "TEXT";
	}
}

// Words, broken into lines that each begin with `margin`.
static void words_write(Buf *buf, const char *margin, Slice text)
{
	size_t column = LINE_SIZE_MAX;
	while (text.data != NULL)
	{
		Slice word = slice_split(text, ' ', &text);
		bool is_new_line = column + 1 + word.size > LINE_SIZE_MAX;
		if (is_new_line)
			column = 0;
		buf_append_text(buf, is_new_line ? (buf->size == 0 || buf->data[buf->size - 1] == '\n' ? "" : "\n") : " ");
		buf_append_text(buf, is_new_line ? margin : "");
		buf_append_slice(buf, word);
		column += word.size + 1;
	}
	buf_append_byte(buf, '\n');
}

void settings_help_write(Buf *buf)
{
	for (int id = 0; id < SETTING_COUNT; id++)
	{
		const SettingRow *row = setting_row((SettingId) id);
		buf_append_text(buf, "  ");
		flag_write(row->name, buf);
		buf_append_format(buf, " %s", type_word(row));
		if (row->usual[0] != '\0' && row->type != SETTING_TYPE_LIST)
			buf_append_format(buf, "  (%s)", row->usual);
		buf_append_byte(buf, '\n');
		words_write(buf, "      ", slice_from(row->sentence));
	}
}

void settings_sample_write(Buf *buf)
{
	buf_append_text(buf,
		"# Settings of sojourn. Each stands at its default; take the ';' away to change it.\n"
		"# A section's name is put before the names in it: [session] timeout_minutes is "
		"session_timeout_minutes.\n"
		"# A flag or a variable of the environment wins over this file.\n");
	for (int id = 0; id < SETTING_COUNT; id++)
	{
		const SettingRow *row = setting_row((SettingId) id);
		buf_append_byte(buf, '\n');
		words_write(buf, "# ", slice_from(row->sentence));
		buf_append_text(buf, "# It must be ");
		setting_expected_write(row, buf);
		buf_append_byte(buf, '\n');
		if (row->type == SETTING_TYPE_LIST)
		{
			buf_append_format(buf, ";%s =\n", row->name);
			words_write(buf, ";  ", slice_from(row->usual));
		}
		else
			buf_append_format(buf, ";%s =%s%s\n", row->name, row->usual[0] == '\0' ? "" : " ", row->usual);
	}
}

// In a table '|' ends the cell.
static void cell_write(Buf *buf, Slice text)
{
	for (size_t i = 0; i < text.size; i++)
	{
		if (text.data[i] == '|')
			buf_append_byte(buf, '\\');
		buf_append_byte(buf, text.data[i]);
	}
}

static void reference_row_write(const SettingRow *row, Buf *buf)
{
	Buf expected;
	buf_init(&expected, 1000);
	setting_expected_write(row, &expected);
	buf_append_format(buf, "| `%s` | ", row->name);
	if (row->usual[0] == '\0')
		buf_append_text(buf, "empty");
	else
	{
		buf_append_byte(buf, '`');
		cell_write(buf, slice_from(row->usual));
		buf_append_byte(buf, '`');
	}
	buf_append_text(buf, " | ");
	cell_write(buf, buf_slice(&expected));
	buf_append_format(buf, " | %s%s%s |\n", row->sentence,
		(row->flags & SETTING_RELOADABLE) != 0 ? " Taken over while running." : "",
		(row->flags & SETTING_SECRET) != 0 ? " Never shown." : "");
	buf_free(&expected);
}

void settings_reference_write(Buf *buf)
{
	buf_append_text(buf,
		"# Settings\n\n"
		"Made from `src/config/settings.def`; change it there.\n\n"
		"A flag wins over the environment, that over the file, that over the default. The setting `collect_listen` is "
		"the flag `--collect-listen`, the variable `SOJOURN_COLLECT_LISTEN` (an empty one counts as not given), and a "
		"line "
		"`collect_listen = …` of the INI file that `--config` or `SOJOURN_CONFIG` names. A section's name is put "
		"before "
		"the names in it: `timeout_minutes` under `[session]` is `session_timeout_minutes`. A line that begins with "
		"white "
		"space goes on with the value before it.\n\n"
		"Sizes may end in `KiB`, `MiB`, `GiB` or `TiB`, durations in `ms`, `s`, `min`, `h` or `d`. "
		"`sojourn config show` prints each setting, its value and where it came from.\n\n"
		"| setting | default | must be | what it is |\n"
		"|---|---|---|---|\n");
	for (int id = 0; id < SETTING_COUNT; id++)
		reference_row_write(setting_row((SettingId) id), buf);
}
