using System.Text.Json;

namespace CnnFast.Graphs;

/// <summary>The window of a pooling: what maximum and average have in common.</summary>
internal readonly record struct PoolWindow(int H, int W, int StrideH, int StrideW, int DilationH, int DilationW, Padding Padding)
{
    public static PoolWindow Read(AttributeReader json)
    {
        (int h, int w) = json.Pair("pool_size");
        (int strideH, int strideW) = json.Pair("strides");
        (int dilationH, int dilationW) = json.Pair("dilations");
        return new PoolWindow(h, w, strideH, strideW, dilationH, dilationW, json.Padding("padding"));
    }

    public void Write(Utf8JsonWriter json)
    {
        json.WritePair("pool_size", H, W);
        json.WritePair("strides", StrideH, StrideW);
        json.WritePair("dilations", DilationH, DilationW);
        json.WritePadding("padding", Padding);
    }

    public void Validate(string who)
    {
        OptionCheck.AtLeast(who, "pool height", H, 1);
        OptionCheck.AtLeast(who, "pool width", W, 1);
        OptionCheck.AtLeast(who, "stride height", StrideH, 1);
        OptionCheck.AtLeast(who, "stride width", StrideW, 1);
        OptionCheck.AtLeast(who, "dilation height", DilationH, 1);
        OptionCheck.AtLeast(who, "dilation width", DilationW, 1);
    }

    /// <summary>The window over a batch of images.</summary>
    /// <exception cref="ShapeException">The input is no batch of images, or the window does not fit.</exception>
    public Pool2DGeometry Geometry(string who, string name, Shape input)
    {
        ShapeText.RequireImages(who, input);
        return Pool2DGeometry.Create(input, H, W, StrideH, StrideW, Padding, DilationH, DilationW, name);
    }
}
