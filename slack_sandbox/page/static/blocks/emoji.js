const CHARACTERS = {
  "+1": "👍", "-1": "👎", alarm_clock: "⏰", arrow_right: "➡️", arrow_up: "⬆️", ballot_box_with_check: "☑️", bell: "🔔", bulb: "💡",
  calendar: "📆", card_index: "📇", clipboard: "📋", clock9: "🕘", email: "✉️", exclamation: "❗", eyes: "👀", file_folder: "📁",
  grey_question: "❔", hourglass: "⌛", hourglass_flowing_sand: "⏳", inbox_tray: "📥", information_source: "ℹ️", large_blue_circle: "🔵",
  large_green_circle: "🟢", large_orange_circle: "🟠", large_yellow_circle: "🟡", link: "🔗", lock: "🔒", mag: "🔍", memo: "📝",
  no_entry: "⛔", page_facing_up: "📄", pencil: "📝", pencil2: "✏️", question: "❓", red_circle: "🔴", repeat: "🔁", scroll: "📜",
  speech_balloon: "💬", stethoscope: "🩺", tada: "🎉", thumbsup: "👍", warning: "⚠️", wave: "👋", white_check_mark: "✅", white_circle: "⚪",
  x: "❌", zap: "⚡",
};

/** The character for a short name, or the name in colons when it is not one of the common ones. */
export const emoji = (name) => CHARACTERS[name] ?? `:${name}:`;
