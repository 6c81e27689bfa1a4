#include "schedule/cron.h"

#include "base/clock.h"

#include <string.h>

#define FIELD_COUNT 5
#define NAME_SIZE 3
#define FEBRUARY 2

typedef struct Field {
	const char *name;
	unsigned least;
	unsigned most;
	const char *names; // three letters each, the first is `least`; NULL for none
} Field;

static const Field fields[FIELD_COUNT] = {
	{"minute", 0, 59, NULL},
	{"hour", 0, 23, NULL},
	{"day", 1, 31, NULL},
	{"month", 1, 12, "janfebmaraprmayjunjulaugsepoctnovdec"},
	{"weekday", 0, 7, "sunmontuewedthufrisat"},
};

static const struct {
	const char *name;
	const char *fields;
} macros[] = {
	{"@hourly", "0 * * * *"},
	{"@daily", "0 0 * * *"},
	{"@midnight", "0 0 * * *"},
	{"@weekly", "0 0 * * 0"},
	{"@monthly", "0 0 1 * *"},
	{"@yearly", "0 0 1 1 *"},
	{"@annually", "0 0 1 1 *"},
};

static bool is_blank(char byte)
{
	return byte == ' ' || byte == '\t';
}

// The part up to the next blank; what is behind it begins with no blank.
static Slice word_take(Slice *rest)
{
	size_t end = 0;
	while (end < rest->size && !is_blank(rest->data[end]))
		end++;
	Slice word = slice_sub(*rest, 0, end);
	while (end < rest->size && is_blank(rest->data[end]))
		end++;
	*rest = slice_sub(*rest, end, rest->size);
	return word;
}

// ── One field ──

static bool number_read(Slice text, int64_t *number)
{
	return text.size > 0 && text.size <= 4 && text.data[0] != '-' && slice_to_int64(text, number);
}

static bool value_read(const Field *field, Slice text, unsigned *value)
{
	int64_t number = 0;
	for (unsigned i = 0; field->names != NULL && i < strlen(field->names) / NAME_SIZE; i++)
	{
		if (!slice_equal_ignoring_case(text, (Slice){field->names + (size_t) i * NAME_SIZE, NAME_SIZE}))
			continue;
		*value = field->least + i;
		return true;
	}
	if (!number_read(text, &number) || number < field->least || number > field->most)
		return false;
	*value = (unsigned) number;
	return true;
}

// One of a list: *, a value, or a range, perhaps with a step.
static bool item_read(const Field *field, Slice item, uint64_t *bits, Error *error)
{
	Slice step_text = SLICE_NONE;
	Slice range = slice_split(item, '/', &step_text);
	Slice last_text = SLICE_NONE;
	Slice first_text = slice_split(range, '-', &last_text);
	bool is_any = slice_equal_text(range, "*");
	bool is_range = is_any || last_text.data != NULL;
	unsigned first = field->least;
	unsigned last = field->most;
	int64_t step = 1;
	if (!is_any && !value_read(field, first_text, &first))
		return error_set(error, ERROR_USAGE, "the %s \"%.*s\" is none", field->name, SLICE_PRINT(first_text));
	if (!is_any && !is_range)
		last = first;
	if (last_text.data != NULL && !value_read(field, last_text, &last))
		return error_set(error, ERROR_USAGE, "the %s \"%.*s\" is none", field->name, SLICE_PRINT(last_text));
	// "fri-sun" means the Sunday behind it.
	if (field->names != NULL && field->least == 0 && last == 0 && first > 0)
		last = field->most;
	if (first > last)
		return error_set(error, ERROR_USAGE, "the range of the %s \"%.*s\" goes backwards", field->name,
			SLICE_PRINT(range));
	if (step_text.data != NULL && (!is_range || !number_read(step_text, &step) || step < 1))
		return error_set(error, ERROR_USAGE, "the step \"%.*s\" of the %s is none; write */5 or 10-40/5",
			SLICE_PRINT(item), field->name);
	for (unsigned value = first; value <= last && value <= field->most; value += (unsigned) step)
		*bits |= UINT64_C(1) << value;
	return true;
}

static bool field_read(const Field *field, Slice text, uint64_t *bits, bool *is_any, Error *error)
{
	Slice rest = text;
	*bits = 0;
	*is_any = text.size > 0 && text.data[0] == '*';
	while (rest.data != NULL)
		if (!item_read(field, slice_split(rest, ',', &rest), bits, error))
			return false;
	return true;
}

// ── The whole ──

static unsigned days_most(unsigned month)
{
	return month == FEBRUARY ? 29 : month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

// A day of the month that some year has; any weekday comes to it in time.
static bool has_some_day(const Cron *cron)
{
	if (!cron->is_any_day && !cron->is_any_weekday)
		return true;
	for (unsigned month = 1; month <= 12; month++)
		for (unsigned day = 1; day <= days_most(month); day++)
			if ((cron->months >> month & 1U) != 0 && (cron->days >> day & 1U) != 0)
				return true;
	return false;
}

static bool calendar_read(Slice text, Cron *cron, Error *error)
{
	uint64_t bits[FIELD_COUNT];
	bool is_any[FIELD_COUNT];
	Slice rest = text;
	for (size_t i = 0; i < FIELD_COUNT; i++)
	{
		Slice word = word_take(&rest);
		if (word.size == 0)
			return error_set(error, ERROR_USAGE, "five fields are needed: minute hour day month weekday");
		if (!field_read(&fields[i], word, &bits[i], &is_any[i], error))
			return false;
	}
	if (rest.size > 0)
		return error_set(error, ERROR_USAGE, "more than five fields");
	*cron = (Cron){
		.kind = CRON_CALENDAR,
		.minutes = bits[0],
		.hours = (uint32_t) bits[1],
		.days = (uint32_t) bits[2],
		.months = (uint32_t) bits[3],
		.weekdays = (uint32_t) ((bits[4] | bits[4] >> 7U) & 0x7FU),
		.is_any_hour = is_any[1],
		.is_any_day = is_any[2],
		.is_any_weekday = is_any[4],
	};
	return has_some_day(cron) || error_set(error, ERROR_USAGE, "no month has such a day");
}

bool cron_duration_parse(Slice text, int64_t *duration_ms, Error *error)
{
	static const char units[] = "smh";
	static const int64_t units_ms[] = {CLOCK_SECOND_MS, CLOCK_MINUTE_MS, CLOCK_HOUR_MS};
	int64_t number = 0;
	const char *unit = text.size > 1 ? memchr(units, text.data[text.size - 1], sizeof units - 1) : NULL;
	if (unit == NULL || !slice_to_int64(slice_sub(text, 0, text.size - 1), &number) || number < 1
		|| number > CLOCK_DAY_MS / units_ms[unit - units])
		return error_set(error, ERROR_USAGE, "\"%.*s\" is no time from 1s to 24h", SLICE_PRINT(text));
	*duration_ms = number * units_ms[unit - units];
	return true;
}

Slice cron_fields(Slice text)
{
	for (size_t i = 0; i < sizeof macros / sizeof *macros; i++)
		if (slice_equal_ignoring_case(text, slice_from(macros[i].name)))
			return slice_from(macros[i].fields);
	return text;
}

static bool parse(Slice text, Cron *cron, Error *error)
{
	Slice rest = text;
	Slice word = word_take(&rest);
	if (slice_equal_ignoring_case(text, SLICE_LITERAL("off")))
	{
		*cron = (Cron){.kind = CRON_OFF};
		return true;
	}
	if (slice_equal_ignoring_case(word, SLICE_LITERAL("@every")))
	{
		*cron = (Cron){.kind = CRON_EVERY};
		return cron_duration_parse(rest, &cron->every_ms, error);
	}
	Slice calendar = cron_fields(text);
	if (calendar.size > 0 && calendar.data[0] == '@')
		return error_set(error, ERROR_USAGE, "there is no %.*s", SLICE_PRINT(word));
	return calendar_read(calendar, cron, error);
}

bool cron_parse(Slice text, Cron *cron, Error *error)
{
	text = slice_trim(text);
	if (text.size > CRON_TEXT_SIZE_MAX)
		return error_set(error, ERROR_USAGE, "a schedule has at most %d letters", CRON_TEXT_SIZE_MAX);
	return parse(text, cron, error)
		|| error_prefix(error, "the schedule \"%.*s\" is not understood: ", SLICE_PRINT(text));
}

bool cron_has_day(const Cron *cron, unsigned day, unsigned month, unsigned weekday)
{
	bool is_day = (cron->days >> day & 1U) != 0;
	bool is_weekday = (cron->weekdays >> weekday & 1U) != 0;
	if ((cron->months >> month & 1U) == 0)
		return false;
	return cron->is_any_day || cron->is_any_weekday ? is_day && is_weekday : is_day || is_weekday;
}
