package internal

const testImage = "made/up:1"
