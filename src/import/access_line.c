#include "import/access_line.h"

#include "base/clock.h"

#include <string.h>

static bool is_digit(char byte)
{
	return byte >= '0' && byte <= '9';
}

// ── Fields ──

// Up to the next space; *rest is behind it.
static Slice word_take(Slice *rest)
{
	size_t end = slice_find(*rest, ' ', 0);
	Slice word = slice_sub(*rest, 0, end);
	*rest = slice_sub(*rest, end + 1, rest->size);
	return word;
}

static bool byte_take(Slice *rest, char byte)
{
	if (rest->size == 0 || *rest->data != byte)
		return false;
	*rest = slice_sub(*rest, 1, rest->size);
	return true;
}

// The raw inside of a quoted field; *rest is behind its closing quote.
static bool quoted_take(Slice *rest, Slice *field)
{
	if (!byte_take(rest, '"'))
		return false;
	for (size_t i = 0; i < rest->size; i++)
	{
		if (rest->data[i] == '\\')
		{
			i++;
			continue;
		}
		if (rest->data[i] != '"')
			continue;
		*field = slice_sub(*rest, 0, i);
		*rest = slice_sub(*rest, i + 1, rest->size);
		return true;
	}
	return false;
}

static int hex_value(char digit)
{
	if (is_digit(digit))
		return digit - '0';
	if (digit >= 'a' && digit <= 'f')
		return digit - 'a' + 10;
	if (digit >= 'A' && digit <= 'F')
		return digit - 'A' + 10;
	return -1;
}

static char control_of(char letter)
{
	static const char letters[] = "nrtbvfa";
	static const char controls[] = "\n\r\t\b\v\f\a";
	const char *found = letter == '\0' ? NULL : strchr(letters, letter);
	return found == NULL ? letter : controls[found - letters];
}

static bool unescape(Slice *field, Arena *arena)
{
	if (slice_find(*field, '\\', 0) == field->size)
		return true;
	char *plain = arena_allocate(arena, field->size);
	if (plain == NULL)
		return false;
	size_t size = 0;
	for (size_t i = 0; i < field->size; i++)
	{
		char byte = field->data[i];
		bool is_escape = byte == '\\' && i + 1 < field->size;
		bool is_hex = is_escape && (field->data[i + 1] | 0x20) == 'x' && i + 3 < field->size
			&& hex_value(field->data[i + 2]) >= 0 && hex_value(field->data[i + 3]) >= 0;
		if (is_hex)
		{
			byte = (char) (hex_value(field->data[i + 2]) * 16 + hex_value(field->data[i + 3]));
			i += 3;
		}
		else if (is_escape)
		{
			byte = control_of(field->data[++i]);
		}
		plain[size++] = byte;
	}
	*field = (Slice){plain, size};
	return true;
}

static Slice given(Slice field)
{
	bool is_empty = field.size == 0 || slice_equal_text(field, "-") || slice_equal_text(field, "\"\"");
	return is_empty ? SLICE_NONE : field;
}

// ── Time ──

static bool number_take(Slice *rest, size_t digits, unsigned *number)
{
	*number = 0;
	if (rest->size < digits)
		return false;
	for (size_t i = 0; i < digits; i++)
	{
		if (!is_digit(rest->data[i]))
			return false;
		*number = *number * 10 + (unsigned) (rest->data[i] - '0');
	}
	*rest = slice_sub(*rest, digits, rest->size);
	return true;
}

static bool month_take(Slice *rest, unsigned *month)
{
	static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	for (*month = 1; *month <= 12; (*month)++)
	{
		if (!slice_starts_with(*rest, (Slice){names + (size_t) (*month - 1) * 3, 3}))
			continue;
		*rest = slice_sub(*rest, 3, rest->size);
		return true;
	}
	return false;
}

static unsigned days_of_month(unsigned year, unsigned month)
{
	static const unsigned char days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
	return month == 2 && is_leap ? 29 : days[month - 1];
}

static bool offset_take(Slice *rest, int64_t *offset_ms)
{
	unsigned hours;
	unsigned minutes;
	bool is_west = byte_take(rest, '-');
	if (!is_west && !byte_take(rest, '+'))
		return false;
	if (!number_take(rest, 2, &hours) || !number_take(rest, 2, &minutes) || hours > 23 || minutes > 59)
		return false;
	*offset_ms = (int64_t) hours * CLOCK_HOUR_MS + (int64_t) minutes * CLOCK_MINUTE_MS;
	if (is_west)
		*offset_ms = -*offset_ms;
	return true;
}

// [10/Oct/2000:13:55:36 -0700], years 1970 and up.
static bool time_take(Slice *rest, int64_t *time_ms)
{
	unsigned day;
	unsigned month;
	unsigned year;
	unsigned hour;
	unsigned minute;
	unsigned second;
	int64_t offset_ms;
	if (!byte_take(rest, '[') || !number_take(rest, 2, &day) || !byte_take(rest, '/') || !month_take(rest, &month)
		|| !byte_take(rest, '/') || !number_take(rest, 4, &year) || !byte_take(rest, ':')
		|| !number_take(rest, 2, &hour) || !byte_take(rest, ':') || !number_take(rest, 2, &minute)
		|| !byte_take(rest, ':') || !number_take(rest, 2, &second) || !byte_take(rest, ' ')
		|| !offset_take(rest, &offset_ms) || !byte_take(rest, ']'))
		return false;
	if (year < 1970 || day < 1 || day > days_of_month(year, month) || hour > 23 || minute > 59 || second > 60)
		return false;
	int64_t days = clock_days_from_civil(year, month, day);
	*time_ms = days * CLOCK_DAY_MS + (int64_t) hour * CLOCK_HOUR_MS + (int64_t) minute * CLOCK_MINUTE_MS
		+ (int64_t) second * CLOCK_SECOND_MS - offset_ms;
	return *time_ms >= 0;
}

// ── Request ──

static bool is_method(Slice word)
{
	for (size_t i = 0; i < word.size; i++)
	{
		char byte = word.data[i];
		bool is_good = (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z') || byte == '-' || byte == '_';
		if (!is_good)
			return false;
	}
	return word.size > 0 && word.size <= 20;
}

// "http://host/path" as proxies send it.
static bool host_take(Slice *target, Slice *host)
{
	Slice scheme =
		slice_starts_with(*target, SLICE_LITERAL("http://")) ? SLICE_LITERAL("http://") : SLICE_LITERAL("https://");
	if (!slice_starts_with(*target, scheme))
		return false;
	size_t end = scheme.size;
	while (end < target->size && strchr("/?#", target->data[end]) == NULL)
		end++;
	*host = slice_sub(*target, scheme.size, end);
	*target = slice_sub(*target, end, target->size);
	for (size_t at = slice_find(*host, '@', 0); at < host->size; at = slice_find(*host, '@', 0))
		*host = slice_sub(*host, at + 1, host->size); // user and password
	bool is_ipv6 = host->size > 0 && *host->data == '[';
	*host = slice_sub(*host, 0, is_ipv6 ? slice_find(*host, ']', 0) + 1 : slice_find(*host, ':', 0));
	return host->size > 0;
}

// METHOD target [HTTP/x]; a target may hold spaces, as broken clients send them.
static bool request_parse(Slice request, AccessLine *line)
{
	line->method = word_take(&request);
	if (!is_method(line->method))
		return false;
	for (size_t i = request.size; i > 0; i--)
	{
		if (request.data[i - 1] != ' ')
			continue;
		if (slice_starts_with(slice_sub(request, i, request.size), SLICE_LITERAL("HTTP/")))
			request = slice_sub(request, 0, i - 1);
		break;
	}
	if (slice_equal(request, SLICE_LITERAL("*")))
	{
		line->path = request;
		return true;
	}
	bool has_host = host_take(&request, &line->host);
	request = slice_sub(request, 0, slice_find(request, '#', 0));
	line->path = slice_split(request, '?', &line->query);
	if (has_host && line->path.size == 0)
		line->path = SLICE_LITERAL("/");
	if (slice_equal_text(line->method, "CONNECT") && line->path.size > 0)
		return true;
	return line->path.size > 0 && *line->path.data == '/';
}

static bool status_parse(Slice word, int *status)
{
	int64_t number = 0;
	if (word.size != 3 || !slice_to_int64(word, &number) || number < 0)
		return false;
	*status = (int) number;
	return true;
}

static bool is_size(Slice word)
{
	int64_t number = 0;
	return slice_equal(word, SLICE_LITERAL("-")) || (slice_to_int64(word, &number) && number >= 0);
}

// ── The line ──

// "address ident user "; a user may hold spaces.
static bool who_take(Slice *rest, AccessLine *line)
{
	line->address = word_take(rest);
	Slice ident = word_take(rest);
	size_t end = 0;
	while (end < rest->size && !(rest->data[end] == ' ' && end + 1 < rest->size && rest->data[end + 1] == '['))
		end++;
	line->user = given(slice_sub(*rest, 0, end));
	*rest = slice_sub(*rest, end + 1, rest->size);
	return line->address.size > 0 && ident.size > 0 && end > 0;
}

static bool agent_take(Slice *rest, AccessLine *line, Arena *arena)
{
	if (!byte_take(rest, ' ') || !quoted_take(rest, &line->referrer) || !byte_take(rest, ' ')
		|| !quoted_take(rest, &line->user_agent))
		return false;
	line->has_agent = true;
	line->referrer = given(line->referrer);
	if (given(line->user_agent).data == NULL)
		line->user_agent = SLICE_LITERAL("");
	return unescape(&line->referrer, arena) && unescape(&line->user_agent, arena);
}

bool access_line_parse(Slice text, AccessFormat format, Arena *arena, AccessLine *line)
{
	Slice rest = text;
	Slice request;
	*line = (AccessLine){0};
	if (!who_take(&rest, line) || !time_take(&rest, &line->time_ms) || !byte_take(&rest, ' ')
		|| !quoted_take(&rest, &request) || !unescape(&request, arena) || !request_parse(request, line)
		|| !byte_take(&rest, ' ') || !status_parse(word_take(&rest), &line->status))
		return false;
	size_t end = slice_find(rest, ' ', 0);
	if (!is_size(slice_sub(rest, 0, end)))
		return false;
	rest = slice_sub(rest, end, rest.size);
	bool is_common = format == ACCESS_FORMAT_COMMON || (format == ACCESS_FORMAT_UNKNOWN && rest.size == 0);
	return is_common || agent_take(&rest, line, arena);
}
