package theme

import "math"

// linear turns one sRGB channel (0…255) into linear light.
func linear(v uint64) float64 {
	c := float64(v) / 255
	if c <= 0.04045 {
		return c / 12.92
	}
	return math.Pow((c+0.055)/1.055, 2.4)
}
