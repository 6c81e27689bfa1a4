#include "config/setting_row.h"

#include "base/utf8.h"

#include <inttypes.h>
#include <string.h>

#define IDENTIFIER_SIZE_MAX 63 // PostgreSQL cuts longer ones
#define URL_PATH_SIZE_MAX 200

typedef struct Unit {
	const char *name;
	int64_t factor;
} Unit;

static const Unit byte_units[] = {{"B", 1}, {"KiB", 1024}, {"MiB", 1048576}, {"GiB", 1073741824},
	{"TiB", 1099511627776}};
#define BYTE_UNITS_COUNT (sizeof byte_units / sizeof *byte_units)

// In milliseconds. Those of the rows, then the short forms that a value may end in.
static const Unit time_units[] = {{"ms", 1}, {"seconds", 1000}, {"minutes", 60000}, {"hours", 3600000},
	{"days", 86400000}, {"s", 1000}, {"min", 60000}, {"h", 3600000}, {"d", 86400000}};
#define TIME_UNITS_COUNT (sizeof time_units / sizeof *time_units)

static int64_t unit_factor(const Unit *units, size_t count, Slice name)
{
	for (size_t i = 0; i < count; i++)
		if (slice_equal_text(name, units[i].name))
			return units[i].factor;
	return 0;
}

_Static_assert(sizeof(LogLevel) == sizeof(int) && sizeof(ConsentMode) == sizeof(int)
		&& sizeof(KeyRotation) == sizeof(int),
	"choices are read as ints");

static void *place(const SettingRow *row, Settings *settings)
{
	return (char *) settings + row->offset;
}

static const void *place_const(const SettingRow *row, const Settings *settings)
{
	return (const char *) settings + row->offset;
}

static void unit_split(Slice text, Slice *number, Slice *unit)
{
	size_t at = text.size > 0 && text.data[0] == '-' ? 1 : 0;
	while (at < text.size && text.data[at] >= '0' && text.data[at] <= '9')
		at++;
	*number = slice_sub(text, 0, at);
	*unit = slice_trim(slice_sub(text, at, text.size));
}

// A number and, for sizes and durations, perhaps a unit; a duration must be whole in the unit of its row.
static bool number_read(const SettingRow *row, Slice text, int64_t *value)
{
	Slice number = SLICE_NONE;
	Slice unit = SLICE_NONE;
	unit_split(text, &number, &unit);
	if (!slice_to_int64(number, value))
		return false;
	if (unit.size > 0 && row->type == SETTING_TYPE_BYTES)
	{
		int64_t factor = unit_factor(byte_units, BYTE_UNITS_COUNT, unit);
		if (factor == 0 || __builtin_mul_overflow(*value, factor, value))
			return false;
	}
	else if (unit.size > 0)
	{
		int64_t factor = unit_factor(time_units, TIME_UNITS_COUNT, unit);
		int64_t row_factor = unit_factor(time_units, TIME_UNITS_COUNT, slice_from(row->unit));
		if (factor == 0 || row_factor == 0 || __builtin_mul_overflow(*value, factor, value) || *value % row_factor != 0)
			return false;
		*value /= row_factor;
	}
	return *value >= row->least && *value <= row->most;
}

static bool bool_read(Slice text, bool *value)
{
	static const char *const words[][2] = {{"false", "true"}, {"no", "yes"}, {"off", "on"}, {"0", "1"}};
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		for (size_t truth = 0; truth < 2; truth++)
		{
			if (!slice_equal_ignoring_case(text, slice_from(words[i][truth])))
				continue;
			*value = truth == 1;
			return true;
		}
	return false;
}

static bool choice_read(const SettingRow *row, Slice text, int *value)
{
	Slice rest = slice_from(row->unit);
	for (*value = 0; rest.data != NULL; ++*value)
		if (slice_equal(slice_split(rest, '|', &rest), text))
			return true;
	return false;
}

static bool identifier_is_valid(Slice text)
{
	if (text.size == 0 || text.size > IDENTIFIER_SIZE_MAX || (text.data[0] >= '0' && text.data[0] <= '9'))
		return false;
	for (size_t i = 0; i < text.size; i++)
	{
		char byte = text.data[i];
		if (byte != '_' && !(byte >= 'a' && byte <= 'z') && !(byte >= '0' && byte <= '9'))
			return false;
	}
	return true;
}

// A segment of dots alone would be another place to a browser.
static bool url_path_is_valid(Slice text)
{
	bool has_word = true;
	if (text.size == 0 || text.size > URL_PATH_SIZE_MAX || text.data[0] != '/')
		return false;
	for (size_t i = 0; i < text.size; i++)
	{
		char byte = text.data[i];
		bool is_word = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9')
			|| byte == '_' || byte == '~' || byte == '-';
		if ((!is_word && byte != '.' && byte != '/') || (byte == '/' && !has_word))
			return false;
		has_word = is_word || (has_word && byte == '.');
	}
	return has_word;
}

static bool text_is_valid(const SettingRow *row, Slice text)
{
	Slice host = SLICE_NONE;
	uint16_t port = 0;
	if (text.size > SETTING_TEXT_SIZE_MAX || !utf8_is_text(text))
		return false;
	if (row->type == SETTING_TYPE_IDENTIFIER)
		return identifier_is_valid(text);
	if (row->type == SETTING_TYPE_URL_PATH)
		return url_path_is_valid(text);
	return row->type != SETTING_TYPE_ADDRESS || settings_address_split(text, &host, &port);
}

// Items stand between commas; white space around them and empty ones do not count.
static bool list_read(Slice text, Arena *arena, SettingList *list)
{
	size_t count_max = 1;
	for (size_t at = slice_find(text, ',', 0); at < text.size; at = slice_find(text, ',', at + 1))
		count_max++;
	Slice rest = arena_copy(arena, text);
	Slice *items = ARENA_ARRAY(arena, Slice, count_max);
	if (rest.data == NULL || items == NULL)
		return false;
	*list = (SettingList){.items = items};
	while (rest.data != NULL)
	{
		Slice item = slice_trim(slice_split(rest, ',', &rest));
		if (item.size > 0)
			items[list->count++] = item;
	}
	return true;
}

bool setting_value_read(const SettingRow *row, Slice text, Arena *arena, Settings *settings, Error *error)
{
	void *target = place(row, settings);
	int64_t number = 0;
	int choice = 0;
	bool is_ok = false;
	switch (row->type)
	{
	case SETTING_TYPE_INTEGER:
	case SETTING_TYPE_BYTES:
	case SETTING_TYPE_DURATION:
		is_ok = number_read(row, text, &number);
		if (is_ok)
			memcpy(target, &number, sizeof number);
		break;
	case SETTING_TYPE_BOOL:
		is_ok = bool_read(text, target);
		break;
	case SETTING_TYPE_LOG_LEVEL:
	case SETTING_TYPE_CONSENT_MODE:
	case SETTING_TYPE_KEY_ROTATION:
	case SETTING_TYPE_TRAILING_SLASH:
	case SETTING_TYPE_PATH_CASE:
		is_ok = choice_read(row, text, &choice);
		if (is_ok)
			memcpy(target, &choice, sizeof choice);
		break;
	case SETTING_TYPE_LIST:
		is_ok = text_is_valid(row, text);
		if (is_ok && !list_read(text, arena, target))
			return error_set(error, ERROR_MEMORY, "no memory for the setting %s", row->name);
		break;
	default:
		is_ok = text_is_valid(row, text);
		if (is_ok)
		{
			const char *copy = arena_copy(arena, text).data;
			if (copy == NULL)
				return error_set(error, ERROR_MEMORY, "no memory for the setting %s", row->name);
			memcpy(target, &copy, sizeof copy);
		}
	}
	return is_ok || error_set(error, ERROR_USAGE, "%s", "");
}

static void bytes_write(Buf *buf, int64_t bytes)
{
	size_t unit = 0;
	while (unit + 1 < BYTE_UNITS_COUNT && bytes != 0 && bytes % byte_units[unit + 1].factor == 0)
		unit++;
	if (unit == 0)
		buf_append_format(buf, "%" PRId64, bytes);
	else
		buf_append_format(buf, "%" PRId64 " %s", bytes / byte_units[unit].factor, byte_units[unit].name);
}

static void choice_write(const SettingRow *row, int choice, Buf *buf)
{
	Slice rest = slice_from(row->unit);
	Slice name = slice_split(rest, '|', &rest);
	for (; choice > 0; choice--)
		name = slice_split(rest, '|', &rest);
	buf_append_slice(buf, name);
}

static void list_write(const SettingList *list, Buf *buf)
{
	for (size_t i = 0; i < list->count; i++)
	{
		if (i > 0)
			buf_append_text(buf, ", ");
		buf_append_slice(buf, list->items[i]);
	}
}

void setting_value_write(const SettingRow *row, const Settings *settings, Buf *buf)
{
	const void *source = place_const(row, settings);
	int64_t number = 0;
	int choice = 0;
	const char *text = NULL;
	switch (row->type)
	{
	case SETTING_TYPE_INTEGER:
	case SETTING_TYPE_DURATION:
		memcpy(&number, source, sizeof number);
		buf_append_format(buf, "%" PRId64, number);
		return;
	case SETTING_TYPE_BYTES:
		memcpy(&number, source, sizeof number);
		bytes_write(buf, number);
		return;
	case SETTING_TYPE_BOOL:
		buf_append_text(buf, *(const bool *) source ? "true" : "false");
		return;
	case SETTING_TYPE_LOG_LEVEL:
	case SETTING_TYPE_CONSENT_MODE:
	case SETTING_TYPE_KEY_ROTATION:
	case SETTING_TYPE_TRAILING_SLASH:
	case SETTING_TYPE_PATH_CASE:
		memcpy(&choice, source, sizeof choice);
		choice_write(row, choice, buf);
		return;
	case SETTING_TYPE_LIST:
		list_write(source, buf);
		return;
	default:
		memcpy(&text, source, sizeof text);
		buf_append_text(buf, text);
	}
}

void setting_expected_write(const SettingRow *row, Buf *buf)
{
	switch (row->type)
	{
	case SETTING_TYPE_INTEGER:
		buf_append_format(buf, "a whole number from %" PRId64 " to %" PRId64, row->least, row->most);
		return;
	case SETTING_TYPE_DURATION:
		buf_append_format(buf, "a whole number of %s from %" PRId64 " to %" PRId64, row->unit, row->least, row->most);
		return;
	case SETTING_TYPE_BYTES:
		buf_append_text(buf, "a size from ");
		bytes_write(buf, row->least);
		buf_append_text(buf, " to ");
		bytes_write(buf, row->most);
		return;
	case SETTING_TYPE_BOOL:
		buf_append_text(buf, "true or false");
		return;
	case SETTING_TYPE_LOG_LEVEL:
	case SETTING_TYPE_CONSENT_MODE:
	case SETTING_TYPE_KEY_ROTATION:
	case SETTING_TYPE_TRAILING_SLASH:
	case SETTING_TYPE_PATH_CASE:
		buf_append_text(buf, "one of ");
		for (Slice rest = slice_from(row->unit); rest.data != NULL;)
		{
			buf_append_slice(buf, slice_split(rest, '|', &rest));
			buf_append_text(buf, rest.data == NULL ? "" : ", ");
		}
		return;
	case SETTING_TYPE_IDENTIFIER:
		buf_append_format(buf, "lower-case letters, digits and '_', no digit first, at most %d", IDENTIFIER_SIZE_MAX);
		return;
	case SETTING_TYPE_URL_PATH:
		buf_append_format(buf, "a path such as /a/b.js, of letters, digits and any of . _ ~ - / , at most %d bytes",
			URL_PATH_SIZE_MAX);
		return;
	case SETTING_TYPE_ADDRESS:
		buf_append_text(buf, "an address and a port, such as 127.0.0.1:8080 or [::1]:8080");
		return;
	case SETTING_TYPE_LIST:
		buf_append_format(buf, "names with commas between, at most %d bytes", SETTING_TEXT_SIZE_MAX);
		return;
	default:
		buf_append_format(buf, "valid UTF-8 of at most %d bytes", SETTING_TEXT_SIZE_MAX);
	}
}
