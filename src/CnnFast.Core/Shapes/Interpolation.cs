namespace CnnFast;

/// <summary>How a resized image takes values between the pixels of the original.</summary>
public enum Interpolation
{
    /// <summary>The nearest pixel.</summary>
    Nearest,

    /// <summary>The two nearest rows and columns, weighted by their closeness; nothing is smoothed when an image shrinks.</summary>
    Bilinear,
}
