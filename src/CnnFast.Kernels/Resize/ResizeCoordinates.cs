namespace CnnFast.Kernels;

/// <summary>
/// Where position o of a resized axis lies on the original one; scale is the number of output positions a position of the input.
/// </summary>
internal enum ResizeCoordinates
{
    /// <summary>(o + ½) / scale − ½: pixels are areas, as in TensorFlow 2 and Keras 3.</summary>
    HalfPixel,

    /// <summary>o · (input − 1) / (output − 1): the outermost pixels lie on each other; 0 when there is one output.</summary>
    AlignCorners,

    /// <summary>o / scale.</summary>
    Asymmetric,
}
