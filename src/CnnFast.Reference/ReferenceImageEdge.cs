namespace CnnFast.Reference;

/// <summary>What an image has outside its edges.</summary>
public enum ReferenceImageEdge
{
    /// <summary>One value.</summary>
    Constant,

    /// <summary>The nearest pixel of the image.</summary>
    Edge,

    /// <summary>The image mirrored once at the centre of its edge pixels; the nearest pixel further out.</summary>
    Reflect,
}
