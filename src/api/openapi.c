#include "api/openapi.h"

#include "api/describe.h"
#include "base/hash.h"
#include "base/json.h"

#include <inttypes.h>
#include <stdio.h>

#define BODY_SIZE_MAX ((size_t) 4 << 20U)

static const char components[] =
	",\"components\":{\"securitySchemes\":{"
	"\"token\":{\"type\":\"http\",\"scheme\":\"bearer\",\"description\":\"What `sojourn token create` prints.\"},"
	"\"session\":{\"type\":\"apiKey\",\"in\":\"cookie\",\"name\":\"sojourn_session\",\"description\":\"The cookie of a "
	"sign-in; changes need X-CSRF-Token besides. Where the dashboard's URL is https its name is "
	"__Host-sojourn_session.\"}},"
	"\"responses\":{\"Problem\":{\"description\":\"What went wrong (RFC "
	"9457).\",\"headers\":{\"Retry-After\":{\"schema\":"
	"{\"type\":\"integer\"},\"description\":\"With 429 and 503, in "
	"seconds.\"}},\"content\":{\"application/problem+json\":"
	"{\"schema\":{\"$ref\":\"#/components/schemas/Problem\"}}}}},"
	"\"schemas\":{"
	"\"Problem\":{\"type\":\"object\",\"required\":[\"type\",\"title\",\"status\",\"code\",\"detail\"],\"properties\":{"
	"\"type\":{\"const\":\"about:blank\"},\"title\":{\"type\":\"string\"},"
	"\"status\":{\"type\":\"integer\",\"minimum\":400,\"maximum\":599},"
	"\"code\":{\"type\":\"string\",\"description\":\"For programs.\"},"
	"\"detail\":{\"type\":\"string\",\"description\":\"For people.\"},"
	"\"parameter\":{\"type\":\"string\",\"description\":\"The one to blame, where one is.\"}},"
	"\"additionalProperties\":false},"
	"\"Range\":{\"type\":\"object\",\"required\":[\"from\",\"to\",\"from_date\",\"to_date\",\"tz\"],\"properties\":{"
	"\"from\":{\"type\":\"string\",\"format\":\"date-time\"},"
	"\"to\":{\"type\":\"string\",\"format\":\"date-time\",\"description\":\"Itself not in the range.\"},"
	"\"from_date\":{\"type\":\"string\",\"format\":\"date\"},\"to_date\":{\"type\":\"string\",\"format\":\"date\"},"
	"\"tz\":{\"type\":\"string\"}}},"
	"\"Column\":{\"type\":\"object\",\"required\":[\"name\",\"heading\",\"type\",\"unit\",\"meaning\"],\"properties\":{"
	"\"name\":{\"type\":\"string\"},\"heading\":{\"type\":\"string\"},"
	"\"type\":{\"type\":\"string\"},\"unit\":{\"type\":[\"string\",\"null\"]},"
	"\"meaning\":{\"type\":\"string\"}}},"
	"\"System\":{\"type\":\"object\",\"required\":[\"version\",\"tz\",\"collect_url\",\"browser_key\"],\"properties\":{"
	"\"version\":{\"type\":\"string\"},\"tz\":{\"type\":\"string\"},\"collect_url\":{\"type\":[\"string\",\"null\"]},"
	"\"browser_key\":{\"type\":[\"string\",\"null\"],\"description\":\"The first write key of browsers; public.\"}},"
	"\"additionalProperties\":false},"
	"\"SignIn\":{\"oneOf\":[{\"type\":\"object\",\"required\":[\"token\"],\"properties\":{\"token\":{\"type\":"
	"\"string\"}},"
	"\"additionalProperties\":false},{\"type\":\"object\",\"required\":[\"name\",\"password\"],\"properties\":{"
	"\"name\":"
	"{\"type\":\"string\"},\"password\":{\"type\":\"string\"}},\"additionalProperties\":false}]},"
	"\"Session\":{\"type\":\"object\",\"required\":[\"name\",\"role\",\"csrf\",\"expires_at\"],\"properties\":{"
	"\"name\":{\"type\":\"string\"},\"role\":{\"enum\":[\"viewer\",\"privacy\",\"admin\",\"share\"]},"
	"\"csrf\":{\"type\":[\"string\",\"null\"],\"description\":\"Null for who asks by a token.\"},"
	"\"expires_at\":{\"type\":[\"string\",\"null\"],\"format\":\"date-time\"}},\"additionalProperties\":false},"
	"\"PersonRequest\":{\"type\":\"object\",\"required\":[\"person\",\"state\",\"mode\",\"step\",\"streams\",\"asked_"
	"at\",\"asked_by\","
	"\"done_at\",\"rows\",\"error\"],\"properties\":{"
	"\"person\":{\"type\":\"string\",\"description\":\"The id in our tables.\"},"
	"\"state\":{\"enum\":[\"none\",\"asked\",\"running\",\"failed\",\"done\"],\"description\":\"Failed ones are tried "
	"again "
	"every minute.\"},"
	"\"mode\":{\"enum\":[null,\"pseudonymous\",\"anonymous\"],\"description\":\"Of making nobody.\"},"
	"\"step\":{\"enum\":[null,\"rows\",\"contexts\",\"figures\",\"texts\",\"buffer\"],\"description\":\"Where it is, "
	"while it "
	"runs.\"},"
	"\"streams\":{\"type\":\"integer\",\"description\":\"At the step buffer: of how many collectors the buffer is "
	"yet to be seen to.\"},"
	"\"asked_at\":{\"type\":[\"string\",\"null\"],\"format\":\"date-time\"},"
	"\"asked_by\":{\"type\":[\"string\",\"null\"],\"description\":\"Name of the token, or command line.\"},"
	"\"done_at\":{\"type\":[\"string\",\"null\"],\"format\":\"date-time\"},"
	"\"rows\":{\"type\":\"object\",\"additionalProperties\":{\"type\":\"integer\"},\"description\":\"How many, so far, "
	"by "
	"table.\"},"
	"\"error\":{\"type\":[\"string\",\"null\"]}},\"additionalProperties\":false},"
	"\"PersonConsent\":{\"type\":\"object\",\"required\":[\"person\",\"analytics\",\"analytics_at\",\"marketing\","
	"\"marketing_at\","
	"\"version\",\"source\"],\"properties\":{\"person\":{\"type\":\"string\"},"
	"\"analytics\":{\"type\":[\"boolean\",\"null\"],\"description\":\"Null: nothing was said.\"},"
	"\"analytics_at\":{\"type\":[\"string\",\"null\"],\"format\":\"date-time\"},"
	"\"marketing\":{\"type\":[\"boolean\",\"null\"]},"
	"\"marketing_at\":{\"type\":[\"string\",\"null\"],\"format\":\"date-time\"},"
	"\"version\":{\"type\":[\"integer\",\"null\"],\"description\":\"Of the wording.\"},"
	"\"source\":{\"type\":[\"string\",\"null\"],\"description\":\"Whose the last word is: name of the write key, of "
	"the token, or "
	"command line.\"}},\"additionalProperties\":false},"
	"\"Audit\":{\"type\":\"object\",\"required\":[\"rows\",\"next_cursor\"],\"properties\":{\"rows\":{\"type\":"
	"\"array\","
	"\"items\":{\"type\":\"object\",\"required\":[\"id\",\"at\",\"action\",\"outcome\",\"token_id\",\"name\",\"role\","
	"\"subject\"],\"properties\":{\"id\":{\"type\":\"string\"},\"at\":{\"type\":\"string\",\"format\":\"date-time\"},"
	"\"action\":{\"type\":\"string\"},\"outcome\":{\"enum\":[\"done\",\"refused\"]},"
	"\"token_id\":{\"type\":[\"string\",\"null\"]},\"name\":{\"type\":[\"string\",\"null\"]},"
	"\"role\":{\"type\":[\"string\",\"null\"]},\"subject\":{\"type\":[\"string\",\"null\"]}},"
	"\"additionalProperties\":false}},\"next_cursor\":{\"type\":[\"string\",\"null\"]}},\"additionalProperties\":"
	"false}";

static void document_write(Buf *buf)
{
	buf_append_text(buf,
		"{\"openapi\":\"3.1.0\",\"info\":{\"title\":\"Sojourn\",\"description\":\"How people move through a web "
		"product. Every "
		"report also comes as CSV; x-role says which role a path needs, x-unit what a figure is counted "
		"in.\",\"version\":");
	json_write_string(buf, SLICE_LITERAL(SOJOURN_VERSION));
	buf_append_text(buf,
		",\"license\":{\"name\":\"Apache-2.0\",\"identifier\":\"Apache-2.0\"}},\"servers\":[{\"url\":\"/\"}],"
		"\"security\":[{\"token\":[]},{\"session\":[]}]");
	api_describe_paths(buf);
	buf_append_text(buf, components);
	api_describe_rows(buf);
	buf_append_text(buf, "}}}\n");
}

void api_openapi_serve(ApiCall *call)
{
	char etag[32];
	Buf body;
	buf_init(&body, BODY_SIZE_MAX);
	document_write(&body);
	(void) snprintf(etag, sizeof etag, "\"%016" PRIx64 "\"", hash_checksum(buf_slice(&body), 0));
	http_set_header(call->request, "Cache-Control", "private, no-cache");
	if (!http_respond_unchanged(call->request, etag))
		http_respond(call->request, 200, "application/json", buf_slice(&body));
	buf_free(&body);
	api_call_end(call);
}
