/** 40 min; 25 h 10 min; from two days on in days: 3 d 2 h. What is no whole minute is rounded up: it stands for a risk. */
export function durationText(minutes: number): string {
  const whole = Math.ceil(minutes);
  const days = whole < 2880 ? 0 : Math.floor(whole / 1440);
  const hours = Math.floor((whole - days * 1440) / 60);
  const parts = [
    [days, "d"],
    [hours, "h"],
    [whole % 60, "min"],
  ] as const;
  const said = parts.filter(([count]) => count > 0).map(([count, unit]) => `${String(count)} ${unit}`);
  return said.length > 0 ? said.join(" ") : "0 min";
}
