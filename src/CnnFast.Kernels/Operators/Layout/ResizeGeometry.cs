using CnnFast.Kernels;

namespace CnnFast.Operators;

/// <summary>The sizes and the rule of a resize of images <c>[N, H, W, C]</c> to <c>[N, OH, OW, C]</c>.</summary>
/// <param name="Input">The images; N is the largest batch.</param>
/// <param name="OH">Rows of the result.</param>
/// <param name="OW">Columns of the result.</param>
/// <param name="Interpolation">How places between pixels are filled.</param>
/// <param name="Coordinates">Where a pixel lies on the original.</param>
/// <param name="Rounding">Which pixel is the nearest.</param>
internal sealed record ResizeGeometry(
    Shape Input,
    int OH,
    int OW,
    Interpolation Interpolation,
    ResizeCoordinates Coordinates = ResizeCoordinates.HalfPixel,
    NearestRounding Rounding = NearestRounding.PreferCeiling)
{
    /// <summary>Rows of the result for a row of the original; OH / H unless given.</summary>
    public double ScaleH { get; init; } = (double)OH / Input[1];

    /// <summary>Columns of the result for a column of the original; OW / W unless given.</summary>
    public double ScaleW { get; init; } = (double)OW / Input[2];

    /// <summary>The result.</summary>
    public Shape Output => Shape.Nhwc(Input[0], OH, OW, Input[3]);

    /// <summary>What the rows of the result read.</summary>
    public ResizeAxis Rows() => ResizeAxis.Create(Input[1], OH, ScaleH, Interpolation, Coordinates, Rounding);

    /// <summary>What the columns of the result read.</summary>
    public ResizeAxis Columns() => ResizeAxis.Create(Input[2], OW, ScaleW, Interpolation, Coordinates, Rounding);

    /// <summary>All sizes on one line.</summary>
    public override string ToString() =>
        $"N{Input[0]} H{Input[1]} W{Input[2]} C{Input[3]}; output H{OH} W{OW}; {Interpolation}; {Coordinates}; {Rounding}";
}
