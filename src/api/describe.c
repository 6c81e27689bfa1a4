#include "api/describe.h"

#include "api/reports.h"
#include "api/route.h"
#include "base/json.h"
#include "report/catalog.h"

#include <inttypes.h>
#include <string.h>

// What of a path no table says: the parameters it takes, its body, its answer's schema. JSON.
typedef struct Detail {
	const char *path;
	HttpMethod method;
	const char *parameters;
	const char *body;
	const char *answer; // NULL: plain text; "": nothing
	const char *media;  // of text; NULL: text/plain
	int status;         // of a good answer; 0: 200, or 204 where there is nothing
} Detail;

#define SAVED_KIND                                                                                                     \
	"{\"name\":\"kind\",\"in\":\"query\",\"schema\":{\"enum\":[\"segment\",\"goal\",\"funnel\",\"view\"]}"

#define ITS_ID                                                                                                         \
	"{\"name\":\"id\",\"in\":\"query\",\"required\":true,\"schema\":{\"type\":\"string\",\"pattern\":\"^[0-9]+$\"},"   \
	"\"description\":\"What it is listed with.\"}"

#define ITS_PERSON                                                                                                     \
	"{\"name\":\"person\",\"in\":\"path\",\"required\":true,\"schema\":{\"type\":\"string\"},\"description\":\"The "   \
	"product's "                                                                                                       \
	"user id, or the id in our tables; that of a browser nobody has signed in on is negative.\"}"

#define PERSON_REQUEST "{\"$ref\":\"#/components/schemas/PersonRequest\"}"

#define PERSON_CONSENT "{\"$ref\":\"#/components/schemas/PersonConsent\"}"

static const Detail details[] = {
	{"/api/v1/openapi.json", HTTP_GET, NULL, NULL, "{\"type\":\"object\",\"required\":[\"openapi\"]}"},
	{"/api/v1/live/stream", HTTP_GET, NULL, NULL, NULL, "text/event-stream"},
	{"/api/v1/saved", HTTP_GET, SAVED_KIND ",\"description\":\"Only these.\"}", NULL,
		"{\"type\":\"object\",\"required\":[\"rows\"],\"properties\":{\"rows\":{\"type\":\"array\",\"items\":{\"type\":"
		"\"object\",\"required\":[\"kind\",\"name\",\"definition\",\"saved_at\"]}}}}"},
	{"/api/v1/saved", HTTP_POST, NULL,
		"{\"type\":\"object\",\"required\":[\"kind\",\"name\",\"definition\"],\"properties\":{\"kind\":{\"enum\":["
		"\"segment\","
		"\"goal\",\"funnel\",\"view\"]},\"name\":{\"type\":\"string\"},\"definition\":{\"type\":\"object\"}}}",
		""},
	{"/api/v1/saved", HTTP_DELETE,
		SAVED_KIND
		",\"required\":true,\"description\":\"What it is.\"},{\"name\":\"name\",\"in\":\"query\",\"required\":true,"
		"\"schema\":{\"type\":\"string\"},\"description\":\"Its name.\"}",
		NULL, ""},
	{"/api/v1/annotations", HTTP_GET, NULL, NULL,
		"{\"type\":\"object\",\"required\":[\"rows\"],\"properties\":{\"rows\":{\"type\":\"array\",\"items\":{\"type\":"
		"\"object\",\"required\":[\"id\",\"date\",\"text\"],\"properties\":{\"id\":{\"type\":\"string\"},\"date\":{"
		"\"type\":"
		"\"string\",\"format\":\"date\"},\"text\":{\"type\":\"string\"}},\"additionalProperties\":false}}}}"},
	{"/api/v1/annotations", HTTP_POST, NULL,
		"{\"type\":\"object\",\"required\":[\"date\",\"text\"],\"properties\":{\"date\":{\"type\":\"string\","
		"\"format\":"
		"\"date\"},\"text\":{\"type\":\"string\"}},\"additionalProperties\":false}",
		""},
	{"/api/v1/annotations", HTTP_DELETE, ITS_ID, NULL, ""},
	{"/api/v1/shares", HTTP_GET, NULL, NULL,
		"{\"type\":\"object\",\"required\":[\"rows\"],\"properties\":{\"rows\":{\"type\":\"array\",\"items\":{\"type\":"
		"\"object\",\"required\":[\"id\",\"name\",\"url\",\"filter\",\"state\",\"created_at\",\"expires_at\","
		"\"last_used_at\"],\"properties\":{\"state\":{\"enum\":[\"active\",\"expired\",\"withdrawn\"]}}}}}}"},
	{"/api/v1/shares", HTTP_POST, NULL,
		"{\"type\":\"object\",\"required\":[\"name\",\"url\",\"filter\",\"days\"],\"properties\":{\"name\":{\"type\":"
		"\"string\"},\"url\":{\"type\":\"string\",\"description\":\"The view that it opens: what stands behind the "
		"host.\"},\"filter\":{\"type\":\"string\",\"description\":\"What everything that it shows is filtered by; "
		"empty: "
		"nothing.\"},\"days\":{\"type\":\"integer\",\"minimum\":1,\"maximum\":366}},\"additionalProperties\":false}",
		"{\"type\":\"object\",\"required\":[\"id\",\"token\"],\"properties\":{\"id\":{\"type\":\"string\"},\"token\":{"
		"\"type\":\"string\",\"description\":\"Signs in as #share= behind the view's address.\"}}}"},
	{"/api/v1/shares", HTTP_DELETE, ITS_ID, NULL, ""},
	{"/api/v1/persons/{person}/export", HTTP_GET, ITS_PERSON, NULL, NULL, "application/x-ndjson"},
	{"/api/v1/persons/{person}/erase", HTTP_GET, ITS_PERSON, NULL, PERSON_REQUEST},
	{"/api/v1/persons/{person}/erase", HTTP_POST, ITS_PERSON, NULL, PERSON_REQUEST, .status = 202},
	{"/api/v1/persons/{person}/anonymize", HTTP_GET, ITS_PERSON, NULL, PERSON_REQUEST},
	{"/api/v1/persons/{person}/anonymize", HTTP_POST, ITS_PERSON,
		"{\"type\":\"object\",\"properties\":{\"mode\":{\"enum\":[\"pseudonymous\",\"anonymous\"]}},"
		"\"additionalProperties\":false}",
		PERSON_REQUEST, .status = 202},
	{"/api/v1/persons/{person}/consent", HTTP_GET, ITS_PERSON, NULL, PERSON_CONSENT},
	{"/api/v1/persons/{person}/consent", HTTP_POST, ITS_PERSON,
		"{\"type\":\"object\",\"minProperties\":1,\"properties\":{\"analytics\":{\"type\":\"boolean\"},\"marketing\":{"
		"\"type\":\"boolean\"}},"
		"\"additionalProperties\":false}",
		PERSON_CONSENT},
	{"/api/v1/system", HTTP_GET, NULL, NULL, "{\"$ref\":\"#/components/schemas/System\"}"},
	{"/api/v1/sign-in", HTTP_POST, NULL, "{\"$ref\":\"#/components/schemas/SignIn\"}",
		"{\"$ref\":\"#/components/schemas/Session\"}"},
	{"/api/v1/sign-in", HTTP_GET, NULL, NULL, "{\"$ref\":\"#/components/schemas/Session\"}"},
	{"/api/v1/sign-in", HTTP_DELETE,
		"{\"name\":\"X-CSRF-Token\",\"in\":\"header\",\"schema\":{\"type\":\"string\"},"
		"\"description\":\"What GET gives as csrf.\"}",
		NULL, ""},
	{"/api/v1/audit", HTTP_GET,
		"{\"name\":\"limit\",\"in\":\"query\",\"schema\":{\"type\":\"integer\",\"minimum\":1,\"maximum\":1000,"
		"\"default\":100},\"description\":\"Rows at the most.\"},"
		"{\"name\":\"cursor\",\"in\":\"query\",\"schema\":{\"type\":\"string\",\"pattern\":\"^[0-9]+$\"},"
		"\"description\":\"The next_cursor of the page before.\"}",
		NULL, "{\"$ref\":\"#/components/schemas/Audit\"}"},
};

static const Detail *detail_find(const char *path, HttpMethod method)
{
	for (size_t i = 0; i < sizeof details / sizeof details[0]; i++)
		if (strcmp(details[i].path, path) == 0 && details[i].method == method)
			return &details[i];
	return NULL;
}

static void text_write(Buf *buf, const char *key, const char *text)
{
	json_write_key(buf, key);
	json_write_string(buf, slice_from(text));
}

// ── Parameters ──

static void argument_schema_write(const ReportArgument *argument, Buf *buf)
{
	json_write_key(buf, "schema");
	if (argument->kind == REPORT_CHOICE || argument->kind == REPORT_DIMENSION)
	{
		buf_append_text(buf, "{\"enum\":[");
		for (size_t i = 0; argument->choices[i] != NULL; i++)
		{
			buf_append_text(buf, i == 0 ? "" : ",");
			json_write_string(buf, slice_from(argument->choices[i]));
		}
		buf_append_byte(buf, ']');
	}
	else if (argument->kind == REPORT_NUMBER)
		buf_append_format(buf, "{\"type\":\"integer\",\"minimum\":%" PRId64 ",\"maximum\":%" PRId64, argument->least,
			argument->most);
	else
		buf_append_text(buf, "{\"type\":\"string\"");
	buf_append_byte(buf, '}');
}

static void report_parameters_write(const Report *report, bool is_posted, Buf *buf)
{
	for (ReportParameter i = 0; i < REPORT_PARAMETER_COUNT; i++)
	{
		const ReportArgument *argument = report_argument(report, i);
		if (!report_takes(report, i) || (is_posted && argument != NULL && argument == api_report_body(report)))
			continue;
		buf_append_byte(buf, '{');
		text_write(buf, "name", report_parameter_name(i));
		text_write(buf, "description", report_parameter_meaning(i));
		bool is_in_path = report->collection != NULL && argument == report->arguments;
		text_write(buf, "in", is_in_path ? "path" : "query");
		if (argument == NULL)
			buf_append_text(buf, ",\"schema\":{\"type\":\"string\"}");
		else
			argument_schema_write(argument, buf);
		if (argument != NULL && argument->is_required)
			buf_append_text(buf, ",\"required\":true");
		if (argument != NULL && argument->fallback != NULL)
			text_write(buf, "x-default", argument->fallback);
		buf_append_text(buf, "},");
	}
	buf_append_text(buf,
		"{\"name\":\"format\",\"in\":\"query\",\"schema\":{\"enum\":[\"json\",\"csv\"]},"
		"\"description\":\"Wins over the header Accept.\"}");
}

// Names of components have no slashes.
static void row_name_write(const Report *report, Buf *buf)
{
	for (const char *at = report->name; *at != '\0'; at++)
		buf_append_byte(buf, *at == '/' ? '.' : *at);
	buf_append_text(buf, ".row");
}

static void row_reference_write(const Report *report, Buf *buf)
{
	buf_append_text(buf, "{\"$ref\":\"#/components/schemas/");
	row_name_write(report, buf);
	buf_append_text(buf, "\"}");
}

// ── Answers ──

#define RANGE "{\"$ref\":\"#/components/schemas/Range\"}"

// Members of an answer behind others: its range, where the report takes one, its rows and its total.
static void figures_write(const Report *report, bool has_range, Buf *buf)
{
	buf_append_text(buf, has_range ? ",\"range\":" RANGE : "");
	buf_append_text(buf, ",\"rows\":{\"type\":\"array\",\"items\":");
	row_reference_write(report, buf);
	buf_append_text(buf, "},\"total\":{\"oneOf\":[");
	row_reference_write(report, buf);
	buf_append_text(buf, ",{\"type\":\"null\"}]}");
}

static void report_answer_write(const Report *report, Buf *buf)
{
	buf_append_text(buf,
		"{\"description\":\"The report.\",\"headers\":{\"ETag\":{\"schema\":{\"type\":\"string\"}}},\"content\":{"
		"\"application/json\":{\"schema\":{\"type\":\"object\",\"required\":[\"report\",\"columns\",\"rows\"],"
		"\"properties\":{\"report\":{\"const\":");
	json_write_string(buf, slice_from(report->name));
	buf_append_text(buf, "},\"columns\":{\"type\":\"array\",\"items\":{\"$ref\":\"#/components/schemas/Column\"}}");
	figures_write(report, report_takes(report, REPORT_FROM), buf);
	if (report_takes(report, REPORT_CURSOR))
		buf_append_text(buf, ",\"next\":{\"type\":[\"string\",\"null\"]}");
	if (report_takes(report, REPORT_COMPARE))
	{
		buf_append_text(buf, ",\"previous\":{\"type\":\"object\",\"properties\":{\"range\":" RANGE);
		figures_write(report, false, buf);
		buf_append_text(buf, "}}");
	}
	buf_append_text(buf, "}}},\"text/csv\":{\"schema\":{\"type\":\"string\"}}}}");
}

static void plain_answer_write(const Detail *detail, Buf *buf)
{
	if (detail != NULL && detail->answer != NULL && *detail->answer == '\0')
		buf_append_text(buf, "{\"description\":\"Done.\"}");
	else if (detail != NULL && detail->answer != NULL)
		buf_append_format(buf, "{\"description\":\"As it is now.\",\"content\":{\"application/json\":{\"schema\":%s}}}",
			detail->answer);
	else
		buf_append_format(buf,
			"{\"description\":\"As it is now.\",\"content\":{\"%s\":{\"schema\":{\"type\":\"string\"}}}}",
			detail == NULL || detail->media == NULL ? "text/plain" : detail->media);
}

static void answers_write(const ApiRoute *route, const Report *report, const Detail *detail, Buf *buf)
{
	bool is_empty = detail != NULL && detail->answer != NULL && *detail->answer == '\0';
	json_write_key(buf, "responses");
	int status = detail == NULL || detail->status == 0 ? (is_empty ? 204 : 200) : detail->status;
	buf_append_format(buf, "{\"%d\":", status);
	if (report != NULL)
		report_answer_write(report, buf);
	else
		plain_answer_write(detail, buf);
	if (report != NULL)
		buf_append_text(buf, ",\"304\":{\"description\":\"What If-None-Match names is what there is.\"}");
	if (route->need != API_NEEDS_NOTHING)
		buf_append_text(buf,
			",\"401\":{\"$ref\":\"#/components/responses/Problem\"}"
			",\"403\":{\"$ref\":\"#/components/responses/Problem\"}");
	buf_append_text(buf, ",\"default\":{\"$ref\":\"#/components/responses/Problem\"}}");
}

// ── Paths ──

static const char *method_text(HttpMethod method)
{
	return method == HTTP_GET ? "get" : method == HTTP_DELETE ? "delete" : "post";
}

// get_overview, post_session: letters, digits and underscores of the path's end.
static void operation_write(const char *path, HttpMethod method, Buf *buf)
{
	const char *name = strncmp(path, API_ROOT, strlen(API_ROOT)) == 0 ? path + strlen(API_ROOT) : path + 1;
	json_write_key(buf, "operationId");
	buf_append_format(buf, "\"%s_", method_text(method));
	for (; *name != '\0'; name++)
		buf_append_byte(buf, strchr("/.-{}", *name) != NULL ? '_' : *name);
	buf_append_byte(buf, '"');
}

static void method_write(const ApiRoute *route, const Report *report, const char *path, Buf *buf)
{
	const Detail *detail = detail_find(path, route->method);
	json_write_key(buf, method_text(route->method));
	buf_append_byte(buf, '{');
	operation_write(path, route->method, buf);
	text_write(buf, "summary", report != NULL ? report->heading : route->meaning);
	if (report != NULL)
		text_write(buf, "description", report->meaning);
	if (route->need == API_NEEDS_NOTHING)
		buf_append_text(buf, ",\"security\":[]");
	else
		text_write(buf, "x-role", api_need_name(route->need));
	if (report != NULL || (detail != NULL && detail->parameters != NULL))
	{
		json_write_key(buf, "parameters");
		buf_append_byte(buf, '[');
		if (report != NULL)
			report_parameters_write(report, route->method == HTTP_POST, buf);
		else
			buf_append_text(buf, detail->parameters);
		buf_append_byte(buf, ']');
	}
	if (report != NULL && route->method == HTTP_POST)
		buf_append_text(buf,
			",\"requestBody\":{\"required\":true,\"content\":{\"application/"
			"json\":{\"schema\":{\"type\":\"object\"}}}}");
	if (detail != NULL && detail->body != NULL)
		buf_append_format(buf,
			",\"requestBody\":{\"required\":true,\"content\":{\"application/json\":{\"schema\":%s}}}", detail->body);
	answers_write(route, report, detail, buf);
	buf_append_byte(buf, '}');
}

void api_describe_paths(Buf *buf)
{
	char path[API_ROUTE_PATH_SIZE];
	char before[API_ROUTE_PATH_SIZE] = "";
	const Report *report = NULL;
	const ApiRoute *route = NULL;
	json_write_key(buf, "paths");
	buf_append_byte(buf, '{');
	for (size_t i = 0; (route = api_route_at(i, &report, path)) != NULL; i++)
	{
		if (strcmp(path, before) != 0) // the methods of a path stand one behind the other
		{
			buf_append_text(buf, i == 0 ? "" : "}");
			json_write_key(buf, path);
			buf_append_byte(buf, '{');
		}
		memcpy(before, path, sizeof before);
		method_write(route, report, path, buf);
	}
	buf_append_text(buf, "}}");
}

// ── Rows ──

static void column_write(const ReportColumn *column, Buf *buf)
{
	static const char *const types[REPORT_TYPE_COUNT] = {
		[REPORT_TEXT] = "\"type\":[\"string\",\"null\"]",
		[REPORT_ID] = "\"type\":[\"string\",\"null\"]",
		[REPORT_DATE] = "\"type\":[\"string\",\"null\"],\"format\":\"date\"",
		[REPORT_INSTANT] = "\"type\":[\"string\",\"null\"]",
		[REPORT_INTEGER] = "\"type\":[\"integer\",\"null\"]",
		[REPORT_DECIMAL] = "\"type\":[\"number\",\"null\"]",
		[REPORT_BOOLEAN] = "\"type\":[\"boolean\",\"null\"]",
		[REPORT_JSON] = "\"type\":[\"array\",\"object\",\"null\"]",
	};
	json_write_key(buf, column->name);
	buf_append_byte(buf, '{');
	buf_append_text(buf, types[column->type]);
	text_write(buf, "title", column->heading);
	text_write(buf, "description", column->meaning);
	if (column->unit != NULL)
		text_write(buf, "x-unit", column->unit);
	buf_append_byte(buf, '}');
}

void api_describe_rows(Buf *buf)
{
	const Report *report = NULL;
	for (size_t i = 0; (report = report_at(i)) != NULL; i++)
	{
		buf_append_text(buf, ",\"");
		row_name_write(report, buf);
		buf_append_text(buf, "\":{\"type\":\"object\",\"additionalProperties\":false,\"required\":[");
		for (size_t column = 0; column < report->column_count; column++)
			buf_append_format(buf, "%s\"%s\"", column == 0 ? "" : ",", report->columns[column].name);
		buf_append_text(buf, "],\"properties\":{");
		for (size_t column = 0; column < report->column_count; column++)
			column_write(&report->columns[column], buf);
		buf_append_text(buf, "}}");
	}
}
