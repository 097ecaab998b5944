namespace CnnFast.Images;

/// <summary>A part of a picture, in pixels from its left and upper edge.</summary>
internal readonly record struct PixelBox(int X, int Y, int Width, int Height);
