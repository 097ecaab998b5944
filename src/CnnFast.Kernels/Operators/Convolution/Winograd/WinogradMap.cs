namespace CnnFast.Operators;

/// <summary>
/// A 3×3 convolution with stride 1 as Winograd tiles see it: destination pixel (i, j) reads the source from
/// (i + OriginRow, j + OriginColumn) on, zeros outside.
/// </summary>
/// <param name="SourceRows">Rows of the source.</param>
/// <param name="SourceColumns">Columns of the source.</param>
/// <param name="SourceChannels">Channels of the source.</param>
/// <param name="OriginRow">First source row of destination row 0; negative where it is padding.</param>
/// <param name="OriginColumn">First source column of destination column 0.</param>
/// <param name="Rows">Rows of the destination.</param>
/// <param name="Columns">Columns of the destination.</param>
/// <param name="Channels">Channels of the destination.</param>
internal sealed record WinogradMap(
    int SourceRows,
    int SourceColumns,
    int SourceChannels,
    int OriginRow,
    int OriginColumn,
    int Rows,
    int Columns,
    int Channels)
{
    /// <summary>Whether Winograd's algorithms serve a convolution.</summary>
    public static bool Serves(Conv2DGeometry g) =>
        g is { KH: 3, KW: 3, StrideH: 1, StrideW: 1, DilationH: 1, DilationW: 1, Groups: 1 };

    /// <summary>Tiles of an image of a form with as many outputs along an axis.</summary>
    public long Tiles(int outputs) => (((long)Rows + outputs - 1) / outputs) * (((long)Columns + outputs - 1) / outputs);

    /// <summary>A pass; the data gradient is a convolution of dy with the flipped filter, padded by what the forward pass leaves.</summary>
    public static WinogradMap Of(ConvolutionPass pass)
    {
        (SourceAxis rows, SourceAxis columns, int channels) = pass.Source;
        return new WinogradMap(rows.Length, columns.Length, channels, rows.Origin, columns.Origin, pass.Rows, pass.Columns, pass.Channels);
    }
}
