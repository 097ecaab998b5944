namespace CnnFast.Kernels;

/// <summary>
/// Where a row of output pixels looks into an image: pixel j at row Row + j·RowStep, column Column + j·ColumnStep, in pixels. Around the
/// image lie <see cref="Border"/> rows and columns of finite values, which stand for what is outside.
/// </summary>
internal unsafe struct SampledRow
{
    /// <summary>Rows and columns around an image that sampling may read.</summary>
    public const int Border = 2;

    /// <summary>The first pixel of the image, inside its border.</summary>
    public float* Image;

    /// <summary>Floats from a row of the image to the next.</summary>
    public int Pitch;

    /// <summary>Channels of a pixel.</summary>
    public int Channels;

    /// <summary>For every element of the output row its pixel, as a float.</summary>
    public float* Pixels;

    /// <summary>For every element of the output row its channel, as an integer.</summary>
    public int* Offsets;

    public float Row;
    public float RowStep;
    public float Column;
    public float ColumnStep;

    /// <summary>Coordinates are held between <see cref="Lowest"/> and these.</summary>
    public float HighestRow;
    public float HighestColumn;

    /// <summary>−1 where the border is what lies outside, 0 where the image's own edge is.</summary>
    public float Lowest;

    /// <summary>Whether coordinates outside are reflected at the edges first, once.</summary>
    public bool Reflects;
}
