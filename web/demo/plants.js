// Months count from 0.
const rows = [
  ["Cowslip", "Primrose family", "yellow", 5, "#e2c12f", [2, 3, 4]],
  ["Wood anemone", "Buttercup family", "white", 6, "#e6e3da", [2, 3, 4]],
  ["Sweet violet", "Violet family", "violet", 5, "#7a4fa3", [2, 3]],
  ["Lady's smock", "Cabbage family", "pink", 4, "#d7a3c4", [3, 4, 5]],
  ["Marsh marigold", "Buttercup family", "yellow", 5, "#ecc21d", [2, 3, 4, 5]],
  ["Meadow buttercup", "Buttercup family", "yellow", 5, "#f0cf35", [4, 5, 6]],
  ["Ragged robin", "Pink family", "pink", 5, "#d46a9f", [4, 5, 6]],
  ["Meadow clary", "Mint family", "blue", 5, "#4a5fb5", [4, 5, 6, 7]],
  ["Oxeye daisy", "Daisy family", "white", 16, "#ece9e2", [5, 6, 7, 8]],
  ["Field scabious", "Honeysuckle family", "violet", 12, "#9183c7", [5, 6, 7, 8]],
  ["Meadow cranesbill", "Geranium family", "blue", 5, "#6d7fd0", [5, 6, 7]],
  ["Red clover", "Pea family", "red", 14, "#c05478", [4, 5, 6, 7, 8]],
  ["Bird's-foot trefoil", "Pea family", "yellow", 5, "#eeb82c", [5, 6, 7, 8]],
  ["Harebell", "Bellflower family", "blue", 5, "#7c8fd8", [5, 6, 7, 8]],
  ["Cornflower", "Daisy family", "blue", 9, "#3f63c8", [5, 6, 7]],
  ["Common poppy", "Poppy family", "red", 4, "#cf3f33", [5, 6, 7]],
  ["Wild thyme", "Mint family", "pink", 8, "#c078b3", [5, 6, 7]],
  ["Yarrow", "Daisy family", "white", 10, "#e4ddd8", [5, 6, 7, 8, 9]],
  ["Great burnet", "Rose family", "red", 8, "#8e2f3f", [6, 7, 8]],
  ["Devil's-bit scabious", "Honeysuckle family", "blue", 12, "#5f66b8", [6, 7, 8, 9]],
  ["Autumn crocus", "Meadow saffron family", "pink", 6, "#cfa0d2", [7, 8, 9]],
  ["Knapweed", "Daisy family", "violet", 12, "#93489c", [5, 6, 7, 8, 9]],
];

export const plants = rows.map(([name, family, colour, petals, paint, months], id) => ({ id, name, family, colour, petals, paint, months }));
