#include "enrich/attribution.h"

#include "enrich/click_id.h"
#include "enrich/referrer.h"

static Slice referrer_category(const AttributionInput *input, const DataReferrer *referrer)
{
	if (input->is_internal)
		return SLICE_LITERAL("internal");
	if (input->referrer_host.size == 0)
		return SLICE_LITERAL("direct");
	return referrer == NULL ? SLICE_LITERAL("referral") : slice_from(referrer->category);
}

static Slice first_of(Slice first, Slice second)
{
	return first.size > 0 ? first : second;
}

// What a referrer makes of a visit that no campaign says anything of.
static Slice referrer_medium(Slice category)
{
	if (slice_equal_text(category, "search"))
		return SLICE_LITERAL("organic");
	return slice_equal_text(category, "email") ? category : SLICE_LITERAL("referral");
}

Attribution attribution_of(ChannelRules *rules, const AttributionInput *input)
{
	const DataReferrer *referrer =
		input->referrer_host.size > 0 ? referrer_find(input->referrer_host, input->referrer_path) : NULL;
	const DataClickId *click = click_id_find(input->click_id_type);
	Slice category = referrer_category(input, referrer);
	Slice source = slice_trim(input->utm_source);
	Slice medium = slice_trim(input->utm_medium);
	Slice campaign = slice_trim(input->utm_campaign);
	Slice source_category = referrer_source_category(source);
	bool is_tagged = source.size + campaign.size + input->utm_term.size + input->utm_content.size > 0;
	if (click != NULL && (medium.size == 0 || source.size == 0))
	{
		// The click is paid for where it comes from, whatever the campaign calls that.
		source_category = referrer_source_category(slice_from(click->source));
		source = first_of(source, slice_from(click->source));
		medium = first_of(medium, slice_from(click->medium));
	}
	else if (source.size == 0 && input->referrer_host.size > 0)
	{
		source_category = referrer == NULL ? SLICE_NONE : slice_from(referrer->source_category);
		source = referrer_host_bare(input->referrer_host);
		medium = first_of(medium, referrer_medium(category));
	}
	else if (source.size == 0 && !is_tagged)
	{
		source = SLICE_LITERAL("(direct)");
		medium = first_of(medium, SLICE_LITERAL("(none)"));
	}
	const ChannelInput fields = {.fields = {
									 [CHANNEL_SOURCE] = source,
									 [CHANNEL_MEDIUM] = medium,
									 [CHANNEL_CAMPAIGN] = campaign,
									 [CHANNEL_TERM] = input->utm_term,
									 [CHANNEL_CONTENT] = input->utm_content,
									 [CHANNEL_SOURCE_CATEGORY] = source_category,
									 [CHANNEL_REFERRER_DOMAIN] = referrer_host_bare(input->referrer_host),
									 [CHANNEL_REFERRER_CATEGORY] = category,
									 [CHANNEL_CLICK_ID] = input->click_id_type,
								 }};
	return (Attribution){category, channel_rules_find(rules, &fields)};
}
