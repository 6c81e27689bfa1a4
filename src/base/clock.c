#include "base/clock.h"

#include <stdio.h>
#include <time.h>

// First and last instant of the years 1 to 9999.
#define TIME_MS_MIN ((int64_t) -62135596800000)
#define TIME_MS_MAX ((int64_t) 253402300799999)

int64_t clock_now_ms(void)
{
	struct timespec now;
	(void) clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t) now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t clock_monotonic_us(void)
{
	struct timespec now;
	(void) clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t) now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

// Years are counted from March, so that the leap day is the last of its year; 400 years (an era) have 146,097 days.
int64_t clock_days_from_civil(int64_t year, unsigned month, unsigned day)
{
	if (month <= 2)
		year--;
	int64_t era = (year >= 0 ? year : year - 399) / 400;
	int64_t year_of_era = year - era * 400;
	int64_t month_from_march = month > 2 ? (int64_t) month - 3 : (int64_t) month + 9;
	int64_t day_of_year = (153 * month_from_march + 2) / 5 + (int64_t) day - 1;
	int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
	return era * 146097 + day_of_era - 719468;
}

void clock_civil_from_days(int64_t days, int64_t *year, unsigned *month, unsigned *day)
{
	days += 719468;
	int64_t era = (days >= 0 ? days : days - 146096) / 146097;
	int64_t day_of_era = days - era * 146097;
	int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
	int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	int64_t month_from_march = (5 * day_of_year + 2) / 153;
	*day = (unsigned) (day_of_year - (153 * month_from_march + 2) / 5 + 1);
	*month = (unsigned) (month_from_march < 10 ? month_from_march + 3 : month_from_march - 9);
	*year = year_of_era + era * 400 + (*month <= 2 ? 1 : 0);
}

static unsigned days_in_month(int64_t year, unsigned month)
{
	static const unsigned char days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
	return month == 2 && is_leap ? 29 : days[month - 1];
}

// Takes exactly `count` digits off the front.
static bool take_digits(Slice *text, size_t count, unsigned *number)
{
	if (text->size < count)
		return false;
	unsigned result = 0;
	for (size_t i = 0; i < count; i++)
	{
		char byte = text->data[i];
		if (byte < '0' || byte > '9')
			return false;
		result = result * 10 + (unsigned) (byte - '0');
	}
	*text = slice_sub(*text, count, text->size);
	*number = result;
	return true;
}

static bool take_byte(Slice *text, char byte)
{
	if (text->size == 0 || text->data[0] != byte)
		return false;
	*text = slice_sub(*text, 1, text->size);
	return true;
}

static bool take_date(Slice *text, int64_t *time_ms)
{
	unsigned year = 0;
	unsigned month = 0;
	unsigned day = 0;
	if (!take_digits(text, 4, &year) || !take_byte(text, '-') || !take_digits(text, 2, &month) || !take_byte(text, '-')
		|| !take_digits(text, 2, &day))
		return false;
	if (year < 1 || month < 1 || month > 12 || day < 1 || day > days_in_month(year, month))
		return false;
	*time_ms = clock_days_from_civil(year, month, day) * CLOCK_DAY_MS;
	return true;
}

// Digits beyond the millisecond are cut off, not rounded, so that a time never moves into the next second.
static bool take_fraction(Slice *text, int64_t *fraction_ms)
{
	int64_t scale = 100;
	size_t count = 0;
	unsigned digit = 0;
	for (; take_digits(text, 1, &digit); count++)
	{
		*fraction_ms += digit * scale;
		scale /= 10;
	}
	return count > 0;
}

static bool take_time_of_day(Slice *text, int64_t *time_ms)
{
	unsigned hour = 0;
	unsigned minute = 0;
	unsigned second = 0;
	int64_t fraction_ms = 0;
	if (!take_digits(text, 2, &hour) || !take_byte(text, ':') || !take_digits(text, 2, &minute) || !take_byte(text, ':')
		|| !take_digits(text, 2, &second))
		return false;
	if (take_byte(text, '.') && !take_fraction(text, &fraction_ms))
		return false;
	if (hour > 23 || minute > 59 || second > 60) // 60 is a leap second: the first of the next minute
		return false;
	*time_ms += hour * CLOCK_HOUR_MS + minute * CLOCK_MINUTE_MS + second * CLOCK_SECOND_MS + fraction_ms;
	return true;
}

static bool take_offset(Slice *text, int64_t *offset_ms)
{
	*offset_ms = 0;
	if (text->size == 0 || take_byte(text, 'Z') || take_byte(text, 'z'))
		return true;
	bool is_west = text->data[0] == '-';
	if (!take_byte(text, '+') && !take_byte(text, '-'))
		return false;
	unsigned hour = 0;
	unsigned minute = 0;
	if (!take_digits(text, 2, &hour))
		return false;
	(void) take_byte(text, ':');
	if (!take_digits(text, 2, &minute) || hour > 23 || minute > 59)
		return false;
	*offset_ms = hour * CLOCK_HOUR_MS + minute * CLOCK_MINUTE_MS;
	if (is_west)
		*offset_ms = -*offset_ms;
	return true;
}

bool clock_parse_iso8601(Slice text, int64_t *time_ms)
{
	int64_t result = 0;
	if (!take_date(&text, &result))
		return false;
	if (text.size > 0)
	{
		int64_t offset_ms = 0;
		if (!take_byte(&text, 'T') && !take_byte(&text, 't') && !take_byte(&text, ' '))
			return false;
		if (!take_time_of_day(&text, &result) || !take_offset(&text, &offset_ms) || text.size > 0)
			return false;
		result -= offset_ms;
	}
	if (result < TIME_MS_MIN || result > TIME_MS_MAX)
		return false;
	*time_ms = result;
	return true;
}

void clock_format_iso8601(int64_t time_ms, char text[CLOCK_ISO8601_SIZE])
{
	if (time_ms < TIME_MS_MIN)
		time_ms = TIME_MS_MIN;
	if (time_ms > TIME_MS_MAX)
		time_ms = TIME_MS_MAX;
	int64_t days = time_ms / CLOCK_DAY_MS;
	int64_t rest = time_ms % CLOCK_DAY_MS;
	if (rest < 0)
	{
		days--;
		rest += CLOCK_DAY_MS;
	}
	int64_t year = 0;
	unsigned month = 0;
	unsigned day = 0;
	clock_civil_from_days(days, &year, &month, &day);
	// Each field is bounded, so that the compiler sees that the text fits.
	(void) snprintf(text, CLOCK_ISO8601_SIZE, "%04u-%02u-%02uT%02u:%02u:%02u.%03uZ", (unsigned) year % 10000U,
		month % 100U, day % 100U, (unsigned) (rest / CLOCK_HOUR_MS) % 100U, (unsigned) (rest / CLOCK_MINUTE_MS % 60),
		(unsigned) (rest / CLOCK_SECOND_MS % 60), (unsigned) (rest % CLOCK_SECOND_MS));
}
