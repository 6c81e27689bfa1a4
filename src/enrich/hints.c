#include "enrich/hints.h"

#include "data/agents.h"

#include <string.h>

#define VERSION_PARTS_MAX 3
// From this version of its platform on Windows calls itself 11.
#define WINDOWS_11_PLATFORM 13

typedef struct Brand {
	Slice name;
	Slice version;
} Brand;

// ── Syntax ──

static Slice unquoted(Slice text)
{
	text = slice_trim(text);
	if (text.size >= 2 && *text.data == '"' && text.data[text.size - 1] == '"')
		text = slice_trim(slice_sub(text, 1, text.size - 1));
	return text;
}

// The text in quotes at the front, and *rest behind it; SLICE_NONE where there is none.
static Slice quoted(Slice text, Slice *rest)
{
	size_t end = 1;
	if (text.size == 0 || *text.data != '"')
		return SLICE_NONE;
	while (end < text.size && text.data[end] != '"')
		end += text.data[end] == '\\' ? 2 : 1;
	if (end >= text.size)
		return SLICE_NONE;
	*rest = slice_sub(text, end + 1, text.size);
	return slice_sub(text, 1, end);
}

// Takes the next brand off a list of "Name";v="1", …; false at its end, and at what is no such list.
static bool brand_next(Slice *list, Brand *brand)
{
	while (list->size > 0 && (*list->data == ',' || *list->data == ' ' || *list->data == '\t'))
		*list = slice_sub(*list, 1, list->size);
	*brand = (Brand){.name = quoted(*list, list)};
	if (brand->name.data == NULL)
		return false;
	Slice parameter = slice_trim(slice_sub(*list, 1, list->size));
	if (slice_starts_with(*list, SLICE_LITERAL(";")) && slice_starts_with(parameter, SLICE_LITERAL("v=")))
		brand->version = quoted(slice_sub(parameter, 2, parameter.size), list);
	*list = slice_sub(*list, slice_find(*list, ',', 0), list->size);
	return true;
}

static bool is_letter(char byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

static bool is_digit(char byte)
{
	return byte >= '0' && byte <= '9';
}

// "Not A;Brand", "Not.A/Brand", "(Not(A:Brand" …: the brand that Chromium makes up so that nobody relies on the list.
static bool is_grease(Slice name)
{
	char letters[sizeof "notabrand"];
	size_t size = 0;
	for (size_t i = 0; i < name.size; i++)
	{
		if (!is_letter(name.data[i]))
			continue;
		if (size == sizeof letters - 1)
			return false;
		letters[size++] = name.data[i];
	}
	return slice_equal_ignoring_case((Slice){letters, size}, SLICE_LITERAL("notabrand"));
}

// At most three parts, as long as they fit; SLICE_NONE of what is no version.
static Slice version_of(Slice text)
{
	text = unquoted(text);
	if (text.size == 0 || !is_digit(*text.data))
		return SLICE_NONE;
	size_t parts = 0;
	size_t end = 0;
	for (size_t i = 0; i <= text.size && i <= AGENT_VERSION_SIZE_MAX && parts < VERSION_PARTS_MAX; i++)
	{
		if (i < text.size && text.data[i] != '.')
			continue;
		end = i;
		parts++;
	}
	return end > 0 ? slice_sub(text, 0, end) : SLICE_NONE;
}

// ── Names ──

static const DataBrand *rule_of(const DataBrand *rules, Slice name)
{
	for (const DataBrand *rule = rules; rule->brand != NULL; rule++)
		if (slice_equal_ignoring_case(name, slice_from(rule->brand)))
			return rule;
	return NULL;
}

// Whether one brand says more of the browser than another: a vendor's own before those with a rule, these in their order.
static bool is_preferred(const DataBrand *rule, const DataBrand *to)
{
	return rule == NULL || (to != NULL && rule < to);
}

static bool brand_best(Slice list, Brand *best, const DataBrand **best_rule)
{
	bool is_found = false;
	for (Brand brand; brand_next(&list, &brand);)
	{
		if (brand.name.size == 0 || is_grease(brand.name))
			continue;
		const DataBrand *rule = rule_of(data_brands, brand.name);
		if (is_found && (*best_rule == NULL || !is_preferred(rule, *best_rule)))
			continue;
		*best = brand;
		*best_rule = rule;
		is_found = true;
	}
	return is_found;
}

static Slice version_in(Slice list, Slice name)
{
	for (Brand brand; brand_next(&list, &brand);)
		if (slice_equal(brand.name, name))
			return version_of(brand.version);
	return SLICE_NONE;
}

// ── What changes ──

// Where the hint has no more than the beginning of what the user agent says, the longer text stays: so hits of one browser
// say the same with and without hints.
static bool is_beginning(Slice version, Slice of)
{
	return slice_starts_with(of, version) && (of.size == version.size || of.data[version.size] == '.');
}

static void browser_apply(const ClientHints *hints, bool is_mobile, Agent *agent)
{
	Brand brand;
	const DataBrand *rule = NULL;
	if (!brand_best(hints->brands, &brand, &rule) && !brand_best(hints->full_versions, &brand, &rule))
		return;
	Slice family = brand.name;
	if (rule != NULL)
		family = slice_from(is_mobile ? rule->mobile_family : rule->family);
	Slice version = version_in(hints->full_versions, brand.name);
	if (version.data == NULL)
		version = version_of(brand.version);
	bool is_same = slice_equal(family, agent->browser);
	if (!is_same || (version.size > 0 && !is_beginning(version, agent->browser_version)))
		agent->browser_version = version;
	agent->browser = family;
}

static int64_t leading_number(Slice version)
{
	int64_t number = 0;
	return slice_to_int64(slice_sub(version, 0, slice_find(version, '.', 0)), &number) ? number : 0;
}

// Windows counts its platform apart: 0.1 is 7, 0.2 is 8, 0.3 is 8.1, 1 to 12 are 10.
static Slice windows_version(Slice platform_version)
{
	if (slice_starts_with(platform_version, SLICE_LITERAL("0.")))
	{
		char minor = platform_version.size > 2 ? platform_version.data[2] : '0';
		return minor == '1' ? SLICE_LITERAL("7")
			: minor == '2'  ? SLICE_LITERAL("8")
			: minor == '3'  ? SLICE_LITERAL("8.1")
							: SLICE_NONE;
	}
	int64_t number = leading_number(platform_version);
	return number >= WINDOWS_11_PLATFORM ? SLICE_LITERAL("11") : number > 0 ? SLICE_LITERAL("10") : SLICE_NONE;
}

static void system_apply(const ClientHints *hints, Agent *agent)
{
	Slice platform = unquoted(hints->platform);
	if (platform.size == 0 || !is_letter(*platform.data)
		|| slice_equal_ignoring_case(platform, SLICE_LITERAL("Unknown")))
		return;
	const DataBrand *rule = rule_of(data_platforms, platform);
	Slice family = rule == NULL ? platform : slice_from(rule->family);
	Slice version = version_of(hints->platform_version);
	if (slice_equal_text(family, "Windows"))
		version = windows_version(version);
	bool is_same = slice_equal(family, agent->os);
	if (!is_same || (version.size > 0 && !is_beginning(version, agent->os_version)))
		agent->os_version = version;
	agent->os = family;
}

// Tablets with Android call themselves not mobile; what is neither, a television, the rules tell by user agent or model.
static void device_apply(const ClientHints *hints, Agents *agents, Agent *agent)
{
	const char *by_model = agents_device_of_model(agents, unquoted(hints->model));
	if (by_model != NULL)
		agent->device_type = by_model;
	const char *type = agent->device_type == NULL ? "" : agent->device_type;
	bool is_yes = slice_equal_text(slice_trim(hints->mobile), "?1");
	bool is_no = slice_equal_text(slice_trim(hints->mobile), "?0");
	if (is_yes && strcmp(type, "tablet") != 0)
		agent->device_type = "mobile";
	else if (is_no && slice_equal_text(agent->os, "Android") && strcmp(type, "unknown") != 0)
		agent->device_type = "tablet";
	else if (is_no && agent->os.size > 0 && (*type == '\0' || strcmp(type, "mobile") == 0))
		agent->device_type = "desktop";
}

void hints_apply(const ClientHints *hints, Agents *agents, Agent *agent)
{
	system_apply(hints, agent);
	device_apply(hints, agents, agent);
	bool is_mobile = agent->device_type != NULL
		&& (strcmp(agent->device_type, "mobile") == 0 || strcmp(agent->device_type, "tablet") == 0);
	browser_apply(hints, is_mobile, agent);
}

static bool has_headless(Slice list)
{
	for (Brand brand; brand_next(&list, &brand);)
		if (slice_starts_with(brand.name, SLICE_LITERAL("Headless")))
			return true;
	return false;
}

const char *hints_robot_kind(const ClientHints *hints)
{
	return has_headless(hints->brands) || has_headless(hints->full_versions) ? "HeadlessChrome" : NULL;
}
