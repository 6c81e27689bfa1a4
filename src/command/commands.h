// Every subcommand's function; main.c names them.
#pragma once
#include "command/command.h"

bool command_check(CommandContext *context, Error *error);
bool command_config(CommandContext *context, Error *error);
bool command_explain_hit(CommandContext *context, Error *error);
bool command_import(CommandContext *context, Error *error);
bool command_jobs(CommandContext *context, Error *error);
bool command_key(CommandContext *context, Error *error);
bool command_migrate(CommandContext *context, Error *error);
bool command_person(CommandContext *context, Error *error);
bool command_privacy(CommandContext *context, Error *error);
bool command_psql(CommandContext *context, Error *error);
bool command_quarantine(CommandContext *context, Error *error);
bool command_reclassify(CommandContext *context, Error *error);
bool command_report(CommandContext *context, Error *error);
bool command_rollup(CommandContext *context, Error *error);
bool command_serve(CommandContext *context, Error *error);
bool command_status(CommandContext *context, Error *error);
bool command_token(CommandContext *context, Error *error);
bool command_up(CommandContext *context, Error *error);
