// Questions and answers as bytes, between the symbolizer and its helper process.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "symbolize/module_cache.h"

namespace fencepost::symbolize {

[[nodiscard]] std::string to_bytes(const Question& question);
[[nodiscard]] std::string to_bytes(const Answer& answer);

/// Nothing, if the bytes are not all of a question or an answer: a helper that went wrong may send anything.
[[nodiscard]] std::optional<Question> question_from(const std::string& bytes);
[[nodiscard]] std::optional<Answer> answer_from(const std::string& bytes);

/// Sends one message through a socket. False if nobody is there to take it.
[[nodiscard]] bool send_message(int socket, const std::string& bytes);

/// Receives one. Nothing at the end, and if it has not come as a whole within `patience`; 0 waits for ever.
[[nodiscard]] std::optional<std::string> receive_message(int socket, std::chrono::milliseconds patience);

}  // namespace fencepost::symbolize
