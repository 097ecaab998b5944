using CnnFast.Testing;

namespace CnnFast.Kernels.Tests;

/// <summary>Depthwise tiles that store past the caches write the bits of those that do not, and nothing else.</summary>
public sealed unsafe class DepthwiseStreamTests
{
    private const int Rows = 3;
    private const int Panels = 2;

    [Fact]
    public void Streamed_stores_write_what_others_do()
    {
        foreach (DepthwiseKernel kernel in DepthwiseKernels.All.Where(k => CpuInfo.IsSupported(k.Isa)))
        {
            for (int columns = 1; columns <= DepthwiseTiles.MostColumns; columns++)
            {
                foreach (bool hasBorder in new[] { false, true })
                    Assert.Equal(Run(kernel, columns, hasBorder, streams: false), Run(kernel, columns, hasBorder, streams: true));
            }
        }
    }

    // Two vectors of channels side by side; the pixels are lines apart, and what lies between them stays NaN.
    private static float[] Run(DepthwiseKernel kernel, int columns, bool hasBorder, bool streams)
    {
        int pixel = (Panels + 1) * Math.Max(16, kernel.Lanes);
        int width = columns + 2;
        var source = new AlignedBuffer<float>(Rows * width * pixel);
        var filter = new AlignedBuffer<float>(Panels * 3 * kernel.Lanes);
        var bias = new AlignedBuffer<float>(Panels * kernel.Lanes);
        var destination = new AlignedBuffer<float>(Rows * columns * pixel);
        SeededData.Uniform(source.Length, 1).CopyTo(source.Span);
        SeededData.Uniform(filter.Length, 2).CopyTo(filter.Span);
        SeededData.Uniform(bias.Length, 3).CopyTo(bias.Span);
        destination.Span.Fill(float.NaN);
        float** table = stackalloc float*[Rows];
        for (int row = 0; row < Rows; row++)
            table[row] = source.Pointer + (row * width * pixel);
        var run = new DepthwiseRun(0, 0, 0, 3, DepthwiseRunKind.Three);
        var tile = new DepthwiseTile
        {
            SourceRows = table,
            SourceRowStep = 1,
            SourceColumns = width,
            Stride = 1,
            ColumnStep = pixel,
            PixelStep = pixel,
            Runs = &run,
            RunCount = 1,
            Weights = filter.Pointer,
            PanelStep = 3 * kernel.Lanes,
            Bias = bias.Pointer,
            Destination = destination.Pointer,
            DestinationRowStep = columns * pixel,
            DestinationColumnStep = pixel,
            Rows = Rows,
            Panels = Panels,
            Tiles = 1,
            Channels = kernel.Lanes,
            Streams = streams,
        };
        kernel.Run.Whole(columns, hasBorder)(&tile);
        Thread.MemoryBarrier();
        GC.KeepAlive(source);
        GC.KeepAlive(filter);
        GC.KeepAlive(bias);
        float[] result = destination.Span.ToArray();
        Assert.Equal(Rows * columns * Panels * kernel.Lanes, result.Count(v => !float.IsNaN(v)));
        return result;
    }
}
