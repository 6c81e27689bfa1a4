// From the intake to enrichment: rooms that do not know each other.
#pragma once
#include "enrich/enrich.h"
#include "intake/message.h"

// Makes the message's hit whole; fails as enrich_hit does. What it adds lives as long as the message's arena. `trace` may be NULL.
bool message_enrich(const Enricher *enricher, IntakeMessage *message, Trace *trace, Error *error) MUST_USE;
