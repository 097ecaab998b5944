namespace CnnFast.Operators;

/// <summary>What an image has outside its edges.</summary>
internal enum ImageEdge
{
    /// <summary>One value.</summary>
    Constant,

    /// <summary>The pixels of the edge.</summary>
    Edge,

    /// <summary>The image mirrored at the centre of its edge pixels.</summary>
    Reflect,
}
