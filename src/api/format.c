#include "api/format.h"

bool api_format_parse(Slice name, ApiFormat *format)
{
	bool is_csv = slice_equal_text(name, "csv");
	*format = is_csv ? API_FORMAT_CSV : API_FORMAT_JSON;
	return is_csv || slice_equal_text(name, "json");
}

// The weight behind q=, in thousandths; 1000 without one, 0 where it cannot be read.
static int weight_of(Slice parameters)
{
	while (parameters.data != NULL)
	{
		Slice parameter = slice_trim(slice_split(parameters, ';', &parameters));
		if (!slice_starts_with(parameter, SLICE_LITERAL("q=")) && !slice_starts_with(parameter, SLICE_LITERAL("Q=")))
			continue;
		Slice number = slice_sub(parameter, 2, parameter.size);
		int weight = 0;
		int scale = 1000;
		for (size_t i = 0; i < number.size && scale > 0; i++)
		{
			if (i == 1 && number.data[i] == '.')
				continue;
			if (number.data[i] < '0' || number.data[i] > '9')
				return 0;
			weight += (number.data[i] - '0') * scale;
			scale /= 10;
		}
		return weight > 1000 ? 1000 : weight;
	}
	return 1000;
}

ApiFormat api_format_accepted(Slice accept)
{
	int csv = 0;
	int json = 0; // where it is named; */* is for who names nothing
	while (accept.data != NULL)
	{
		Slice parameters = SLICE_NONE;
		Slice type = slice_trim(slice_split(slice_split(accept, ',', &accept), ';', &parameters));
		if (slice_equal_ignoring_case(type, SLICE_LITERAL("text/csv")))
			csv = weight_of(parameters);
		else if (slice_equal_ignoring_case(type, SLICE_LITERAL("application/json")))
			json = weight_of(parameters);
	}
	return csv > json ? API_FORMAT_CSV : API_FORMAT_JSON;
}

bool api_format_takes_gzip(Slice accept_encoding)
{
	while (accept_encoding.data != NULL)
	{
		Slice parameters = SLICE_NONE;
		Slice coding = slice_trim(slice_split(slice_split(accept_encoding, ',', &accept_encoding), ';', &parameters));
		if (slice_equal_ignoring_case(coding, SLICE_LITERAL("gzip")))
			return weight_of(parameters) > 0;
	}
	return false;
}
