#include "intake/internal.h"

#include "base/clock.h"

#include <string.h>

#define SCREEN_SIZE_MAX 100000
#define COUNT_MAX 1000000
#define SHIFT_MAX 9999999 // in ten-thousandths, what numeric(7,4) holds

static Slice first_text(const JsonValue *first, const JsonValue *second)
{
	Slice text = reading_text(first);
	return text.data == NULL ? reading_text(second) : text;
}

static void campaign_read(Reading *reading)
{
	const JsonValue *campaign = reading_context(reading, "campaign");
	IntakeMessage *message = reading->message;
	message->campaign_source = reading_text(reading_get(campaign, "source"));
	message->campaign_medium = reading_text(reading_get(campaign, "medium"));
	message->campaign_name = reading_text(reading_get(campaign, "name"));
	message->campaign_term = reading_text(reading_get(campaign, "term"));
	message->campaign_content = reading_text(reading_get(campaign, "content"));
}

// Of a browser the connection and its headers tell; of a server only what it says itself, since they are its own.
static void device_read(Reading *reading)
{
	const IntakeSender *sender = reading->sender;
	IntakeMessage *message = reading->message;
	message->user_agent = reading_text(reading_context(reading, "userAgent"));
	message->hints = reading_hints(reading);
	(void) json_bool(reading_context(reading, "internal"), &message->is_team);
	if (!reading_is_browser(reading))
	{
		message->ip = json_string(reading_context(reading, "ip"));
		return;
	}
	message->ip = sender->ip;
	(void) json_bool(reading_context(reading, "webdriver"), &message->is_webdriver);
	if (message->user_agent.data == NULL)
		message->user_agent = sender->user_agent;
	message->own_host = sender->own_host;
	message->sec_purpose = sender->sec_purpose;
	message->purpose = sender->purpose;
	message->x_purpose = sender->x_purpose;
	message->x_moz = sender->x_moz;
}

static void screen_read(Reading *reading)
{
	const JsonValue *screen = reading_context(reading, "screen");
	double width = 0;
	double height = 0;
	if (!json_double(reading_get(screen, "width"), &width) || !json_double(reading_get(screen, "height"), &height)
		|| width < 1 || height < 1 || width > SCREEN_SIZE_MAX || height > SCREEN_SIZE_MAX)
		return;
	reading->message->hit.screen_resolution = arena_format(reading->arena, "%.0fx%.0f", width, height);
}

void reading_where(Reading *reading)
{
	IntakeMessage *message = reading->message;
	const JsonValue *page = reading_context(reading, "page");
	const JsonValue *properties = reading->kind == MESSAGE_PAGE ? reading->properties : NULL;
	if (reading->kind != MESSAGE_SCREEN)
	{
		message->page_url = first_text(reading_get(properties, "url"), reading_get(page, "url"));
		message->page_path = first_text(reading_get(properties, "path"), reading_get(page, "path"));
		message->page_search = first_text(reading_get(properties, "search"), reading_get(page, "search"));
		message->page_title = first_text(reading_get(properties, "title"), reading_get(page, "title"));
		message->referrer = first_text(reading_get(properties, "referrer"), reading_get(page, "referrer"));
	}
	message->hit.timezone = reading_text(reading_context(reading, "timezone"));
	message->hit.locale = reading_text(reading_context(reading, "locale"));
	campaign_read(reading);
	device_read(reading);
	screen_read(reading);
}

// A number from 0, times `scale`, as a whole one of at most `most`; HIT_NONE where nothing stands.
static bool number_read(const JsonValue *value, double scale, int64_t most, int64_t *number)
{
	double given = 0;
	if (value == NULL)
		return true;
	if (!json_double(value, &given))
		return false;
	given *= scale;
	*number = reading_round(given < 0 ? 0 : given > (double) most ? (double) most : given);
	return true;
}

Refusal reading_page(Reading *reading)
{
	IntakeMessage *message = reading->message;
	Hit *hit = &message->hit;
	Slice name = reading_text(reading_get(reading->value, "name"));
	if (name.data == NULL)
		name = reading_text(reading_get(reading->properties, "name"));
	if (name.data != NULL)
		message->page_title = name;
	hit->page_category =
		first_text(reading_get(reading->value, "category"), reading_get(reading->properties, "category"));
	bool is_good = number_read(reading_get(reading->properties, "loadMs"), 1, CLOCK_HOUR_MS, &hit->load_ms)
		&& number_read(reading_get(reading->properties, "interactiveMs"), 1, CLOCK_HOUR_MS, &hit->interactive_ms);
	return is_good ? REFUSAL_NONE : REFUSAL_BAD_VALUE;
}

// "/screen/NAME": what would end the path in a URL is escaped.
static Slice screen_path(Arena *arena, Slice name)
{
	static const char prefix[] = "/screen/";
	static const char digits[] = "0123456789ABCDEF";
	char *path = arena_allocate(arena, sizeof prefix + name.size * 3);
	if (path == NULL)
		return SLICE_LITERAL("/screen/");
	memcpy(path, prefix, sizeof prefix - 1);
	size_t size = sizeof prefix - 1;
	for (size_t at = 0; at < name.size; at++)
	{
		unsigned char byte = (unsigned char) name.data[at];
		if (byte != '?' && byte != '#' && byte != '%' && byte != ';' && byte >= 0x20)
		{
			path[size++] = (char) byte;
			continue;
		}
		path[size++] = '%';
		path[size++] = digits[byte >> 4U];
		path[size++] = digits[byte & 0xFU];
	}
	return (Slice){path, size};
}

Refusal reading_screen(Reading *reading)
{
	IntakeMessage *message = reading->message;
	Slice name = slice_trim(first_text(reading_get(reading->value, "name"), reading_get(reading->properties, "name")));
	message->page_path = screen_path(reading->arena, name.size == 0 ? SLICE_LITERAL("unnamed") : name);
	message->page_title = name.size == 0 ? SLICE_NONE : name;
	message->hit.page_category =
		first_text(reading_get(reading->value, "category"), reading_get(reading->properties, "category"));
	return REFUSAL_NONE;
}

Refusal reading_leave(Reading *reading)
{
	Hit *hit = &reading->message->hit;
	const struct {
		const char *key;
		double scale;
		int64_t most;
		int64_t *number;
	} rows[] = {{"visibleMs", 1, CLOCK_DAY_MS, &hit->visible_ms}, {"scrollDepthPercent", 1, 100, &hit->scroll_percent},
		{"clicks", 1, COUNT_MAX, &hit->clicks}, {"interactions", 1, COUNT_MAX, &hit->interactions},
		{"loadMs", 1, CLOCK_HOUR_MS, &hit->load_ms}, {"interactiveMs", 1, CLOCK_HOUR_MS, &hit->interactive_ms},
		{"lcpMs", 1, CLOCK_HOUR_MS, &hit->largest_paint_ms}, {"inpMs", 1, CLOCK_HOUR_MS, &hit->next_paint_ms},
		{"cls", 10000, SHIFT_MAX, &hit->layout_shift}};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
	{
		const JsonValue *value = reading_get(reading->value, rows[i].key);
		if (value == NULL)
			value = reading_get(reading->properties, rows[i].key);
		if (!number_read(value, rows[i].scale, rows[i].most, rows[i].number))
			return REFUSAL_BAD_VALUE;
	}
	return REFUSAL_NONE;
}
