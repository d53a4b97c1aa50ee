// Tells the server which verdict was contested; runs when the grade is first shown.
element.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-point]");
  if (!button || button.disabled) return;
  const { turn, point, verdict } = button.dataset;
  trigger("click", { turn: Number(turn), point: Number(point), verdict });
});
