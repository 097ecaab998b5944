using System.Buffers;

namespace CnnFast.Operators;

/// <summary>A convolution of the reached taps of a filter.</summary>
internal sealed unsafe class ReachedTapsConvolution(ReachedTaps taps, IConvolutionEngine engine) : IConvolutionEngine
{
    public string KernelName => engine.KernelName;

    public int PackedFilterLength => engine.PackedFilterLength;

    public int WorkspaceBytes(int threads) => engine.WorkspaceBytes(threads);

    public void PackColumns(in FilterColumns filter, Span<float> packed, bool keepsDenormals)
    {
        int columns = filter.End - filter.First;
        int floats = taps.Geometry.KH * taps.Stretch * columns;
        float[] copy = ArrayPool<float>.Shared.Rent(floats);
        Span<float> to = copy;
        for (int kh = 0; kh < taps.Geometry.KH; kh++)
        {
            int start = taps.StretchStart(kh);
            for (int row = 0; row < taps.Stretch; row++, to = to[columns..])
                filter.Row(start + row).CopyTo(to);
        }

        engine.PackColumns(new FilterColumns(copy.AsSpan(0, floats), columns, filter.First, columns), packed, keepsDenormals);
        ArrayPool<float>.Shared.Return(copy);
    }

    public void Run(IWorkScheduler scheduler, int batch, float* source, float* packed, ReadOnlySpan<float> bias, float* residual,
        float* destination, byte* workspace) =>
        engine.Run(scheduler, batch, source, packed, bias, residual, destination, workspace);
}
