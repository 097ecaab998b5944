namespace CnnFast;

/// <summary>How the border of an image is treated by a window that slides over it.</summary>
public enum PaddingMode
{
    /// <summary>No padding: the window stays inside the image.</summary>
    Valid,

    /// <summary>
    /// Padding such that the output has ⌈input / stride⌉ positions; an odd total puts the extra one at the bottom and
    /// right (TensorFlow SAME_UPPER).
    /// </summary>
    Same,

    /// <summary>Padding given for each side.</summary>
    Explicit,
}
