#include "enrich/hints.h"

#include "agents_fixture.h"

#define CHROME_WINDOWS                                                                                                 \
	"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36"
#define CHROME_ANDROID                                                                                                 \
	"Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Mobile Safari/537.36"
#define CHROME_MAC                                                                                                     \
	"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 "         \
	"Safari/537.36"
#define CHROME_LINUX                                                                                                   \
	"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36"
#define CHROME "\"Not_A Brand\";v=\"8\", \"Chromium\";v=\"120\", \"Google Chrome\";v=\"120\""

typedef struct HintCase {
	const char *user_agent;
	const char *hints[6]; // in the order of ClientHints; NULL: not given
	const char *line;     // type of device, browser and its version, system and its version
} HintCase;

static void check(const HintCase *one)
{
	const char *const *given = one->hints;
	const ClientHints hints = {slice_from(given[0]), slice_from(given[1]), slice_from(given[2]), slice_from(given[3]),
		slice_from(given[4]), slice_from(given[5])};
	Agent agent;
	Error error = {0};
	assert_true(agents_find(agents, slice_from(one->user_agent), &arena, &agent, &error));
	hints_apply(&hints, agents, &agent);
	Slice line = arena_format(&arena, "%s, %.*s %.*s, %.*s %.*s", agent.device_type == NULL ? "-" : agent.device_type,
		SLICE_PRINT(agent.browser), SLICE_PRINT(agent.browser_version), SLICE_PRINT(agent.os),
		SLICE_PRINT(agent.os_version));
	assert_string_equal(line.data, one->line);
}

static void hints_win_over_the_user_agent(void **state)
{
	(void) state;
	static const HintCase cases[] = {
		// What Chrome sends unasked says no more than its user agent.
		{CHROME_WINDOWS, {CHROME, NULL, "?0", "\"Windows\""}, "desktop, Chrome 120.0.0, Windows 10"},
		{CHROME_ANDROID, {CHROME, NULL, "?1", "\"Android\""}, "mobile, Chrome Mobile 120.0.0, Android 10"},
		// Windows by its platform's version.
		{CHROME_WINDOWS, {NULL, NULL, NULL, "\"Windows\"", "\"15.0.0\""}, "desktop, Chrome 120.0.0, Windows 11"},
		{CHROME_WINDOWS, {NULL, NULL, NULL, "\"Windows\"", "\"13.0.0\""}, "desktop, Chrome 120.0.0, Windows 11"},
		{CHROME_WINDOWS, {NULL, NULL, NULL, "\"Windows\"", "\"12.0.0\""}, "desktop, Chrome 120.0.0, Windows 10"},
		{CHROME_WINDOWS, {NULL, NULL, NULL, "\"Windows\"", "\"1.0.0\""}, "desktop, Chrome 120.0.0, Windows 10"},
		{CHROME_WINDOWS, {NULL, NULL, NULL, "\"Windows\"", "\"0.3.0\""}, "desktop, Chrome 120.0.0, Windows 8.1"},
		{CHROME_WINDOWS, {NULL, NULL, NULL, "\"Windows\"", "\"0.2.0\""}, "desktop, Chrome 120.0.0, Windows 8"},
		{CHROME_WINDOWS, {NULL, NULL, NULL, "\"Windows\"", "\"0.1.0\""}, "desktop, Chrome 120.0.0, Windows 7"},
		{CHROME_WINDOWS, {NULL, NULL, NULL, "\"Windows\"", "\"\""}, "desktop, Chrome 120.0.0, Windows 10"},
		{CHROME_MAC, {NULL, NULL, "?0", "\"macOS\"", "\"14.2.1\""}, "desktop, Chrome 120.0.0, Mac OS X 14.2.1"},
		{CHROME_ANDROID, {NULL, NULL, "?1", "\"Android\"", "\"14.0.0\"", "\"Pixel 8\""},
			"mobile, Chrome Mobile 120.0.0, Android 14.0.0"},
		{CHROME_LINUX, {NULL, NULL, NULL, "\"Chromium OS\""}, "desktop, Chrome 120.0.0, Chrome OS "},
		{CHROME_LINUX, {NULL, NULL, NULL, "\"Unknown\""}, "desktop, Chrome 120.0.0, Linux "},
		// Whole versions.
		{CHROME_WINDOWS,
			{CHROME,
				"\"Not_A Brand\";v=\"8.0.0.0\", \"Chromium\";v=\"120.0.6099.71\", \"Google "
				"Chrome\";v=\"120.0.6099.71\""},
			"desktop, Chrome 120.0.6099, Windows 10"},
		{CHROME_WINDOWS, {NULL, "\"Microsoft Edge\";v=\"120.0.2210.61\", \"Chromium\";v=\"120.0.6099.71\""},
			"desktop, Edge 120.0.2210, Windows 10"},
		{CHROME_WINDOWS, {"\"Google Chrome\";v=\"121\""}, "desktop, Chrome 121, Windows 10"},
		// Vendors before Chrome, Chrome before Chromium, in whatever order; what is made up never.
		{CHROME_WINDOWS, {"\"Brave\";v=\"120\", \"Chromium\";v=\"120\", \"Not?A_Brand\";v=\"24\""},
			"desktop, Brave 120, Windows 10"},
		{CHROME_WINDOWS, {"\"Chromium\";v=\"120\", \" Not A;Brand\";v=\"99\", \"Microsoft Edge\";v=\"120\""},
			"desktop, Edge 120, Windows 10"},
		{CHROME_WINDOWS, {"\"Opera\";v=\"106\",\"Chromium\";v=\"120\",\"(Not(A:Brand\";v=\"8\""},
			"desktop, Opera 106, Windows 10"},
		{CHROME_WINDOWS, {"\"Google Chrome\";v=\"120\", \"Vendor's own\";v=\"7\""},
			"desktop, Vendor's own 7, Windows 10"},
		{CHROME_WINDOWS,
			{"\"Microsoft Edge\";v=\"120\", \"Microsoft Edge WebView2\";v=\"120\", \"Chromium\";v=\"120\""},
			"desktop, Edge 120, Windows 10"},
		{CHROME_LINUX, {"\"\\\\Not\\\"A;Brand\";v=\"99\", \"Chromium\";v=\"120\""}, "desktop, Chromium 120, Linux "},
		{CHROME_LINUX, {"\"Chromium\"; v=\"120\" ,\t\"Brave\";  v=\"121\""}, "desktop, Brave 121, Linux "},
		{CHROME_LINUX, {"\"Not/A)Brand\";v=\"8\""}, "desktop, Chrome 120.0.0, Linux "},
		{CHROME_ANDROID, {"\"Chromium\";v=\"120\", \"Android WebView\";v=\"120\"", NULL, "?1", "\"Android\""},
			"mobile, Chrome Mobile WebView 120, Android 10"},
		{CHROME_ANDROID, {"\"Microsoft Edge\";v=\"120\", \"Chromium\";v=\"120\"", NULL, "?1", "\"Android\""},
			"mobile, Edge Mobile 120, Android 10"},
		// Devices.
		{CHROME_LINUX, {CHROME, NULL, "?0", "\"Android\""}, "tablet, Chrome Mobile 120, Android "},
		{CHROME_LINUX, {NULL, NULL, "?0", "\"Android\"", NULL, "\"BRAVIA 4K VH2\""},
			"unknown, Chrome 120.0.0, Android "},
		{CHROME_ANDROID, {NULL, NULL, "?1", "\"Android\"", NULL, "\"SM-X906C\""},
			"tablet, Chrome Mobile 120.0.0, Android 10"},
		{NULL, {CHROME, NULL, "?0", "macOS"}, "desktop, Chrome 120, Mac OS X "},
		{NULL, {CHROME, NULL, "?1"}, "mobile, Chrome Mobile 120,  "},
		{NULL, {NULL, NULL, "?0"}, "-,  ,  "},
		// What is no hint changes nothing.
		{CHROME_LINUX, {"", "", "", "", "", ""}, "desktop, Chrome 120.0.0, Linux "},
		{CHROME_LINUX, {"\"", ";v=\"1\"", "1", "\"", "x", "\""}, "desktop, Chrome 120.0.0, Linux "},
		{CHROME_LINUX, {"\"Google Chrome", "\"Google Chrome\";v=\"1"}, "desktop, Chrome 120.0.0, Linux "},
		{CHROME_LINUX, {"\"Google Chrome\";v=\"1234567890123456789012345\""}, "desktop, Chrome 120.0.0, Linux "},
		{CHROME_LINUX, {"\"Google Chrome\";v=\"12.34567890123456789012\""}, "desktop, Chrome 12, Linux "},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		check(&cases[i]);
}

static void headless_browsers_own_up(void **state)
{
	(void) state;
	ClientHints hints = {.brands = SLICE_LITERAL("\"Chromium\";v=\"120\", \"HeadlessChrome\";v=\"120\"")};
	assert_string_equal(hints_robot_kind(&hints), "HeadlessChrome");
	hints = (ClientHints){.full_versions = SLICE_LITERAL("\"HeadlessEdg\";v=\"120.0.0.0\"")};
	assert_string_equal(hints_robot_kind(&hints), "HeadlessChrome");
	hints = (ClientHints){.brands = SLICE_LITERAL(CHROME)};
	assert_null(hints_robot_kind(&hints));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hints_win_over_the_user_agent),
		cmocka_unit_test(headless_browsers_own_up),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
