using System.Text.Json;

namespace CnnFast.Graphs;

/// <summary>A window that slides over images: what convolutions and poolings have in common.</summary>
internal readonly record struct Window2D(
    int H,
    int W,
    int StrideH = 1,
    int StrideW = 1,
    int DilationH = 1,
    int DilationW = 1,
    Padding Padding = default)
{
    /// <summary>What the window of a convolution is called in attributes and errors.</summary>
    public const string Kernel = "kernel";

    /// <summary>What the window of a pooling is called in attributes and errors.</summary>
    public const string Pool = "pool";

    /// <summary>Reads the window that is called <paramref name="what"/>.</summary>
    public static Window2D Read(AttributeReader json, string what)
    {
        (int h, int w) = json.Pair(SizeOf(what));
        (int strideH, int strideW) = json.Pair("strides");
        (int dilationH, int dilationW) = json.Pair("dilations");
        return new Window2D(h, w, strideH, strideW, dilationH, dilationW, json.Padding("padding"));
    }

    /// <summary>Writes all but the padding, which does not follow at once in every model file.</summary>
    public void WriteSizes(Utf8JsonWriter json, string what)
    {
        json.WritePair(SizeOf(what), H, W);
        json.WritePair("strides", StrideH, StrideW);
        json.WritePair("dilations", DilationH, DilationW);
    }

    public void WritePadding(Utf8JsonWriter json) => json.WritePadding("padding", Padding);

    public void Validate(string who, string what)
    {
        OptionCheck.AtLeast(who, $"{what} height", H, 1);
        OptionCheck.AtLeast(who, $"{what} width", W, 1);
        OptionCheck.AtLeast(who, "stride height", StrideH, 1);
        OptionCheck.AtLeast(who, "stride width", StrideW, 1);
        OptionCheck.AtLeast(who, "dilation height", DilationH, 1);
        OptionCheck.AtLeast(who, "dilation width", DilationW, 1);
    }

    /// <summary>The window as the filter of a convolution.</summary>
    /// <exception cref="ShapeException">The input is no batch of images, or the window does not fit.</exception>
    public Conv2DGeometry Convolve(string who, Shape input, int filterChannels, int filters, int groups) => Conv2DGeometry.CreateFor(
        who, input, new FilterShape(H, W, filterChannels, filters), Padding, StrideH, StrideW, DilationH, DilationW, groups);

    /// <summary>The window as that of a pooling.</summary>
    /// <exception cref="ShapeException">The input is no batch of images, or the window does not fit.</exception>
    public Pool2DGeometry PoolOver(string who, string name, Shape input)
    {
        ShapeText.RequireImages(who, input);
        return Pool2DGeometry.Create(input, H, W, StrideH, StrideW, Padding, DilationH, DilationW, name);
    }

    private static string SizeOf(string what) => $"{what}_size";
}
