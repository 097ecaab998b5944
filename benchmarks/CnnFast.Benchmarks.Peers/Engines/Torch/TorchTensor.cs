namespace CnnFast.Benchmarks.Peers;

/// <summary>A tensor of libtorch over memory of ours, which must stay where it is.</summary>
internal sealed unsafe class TorchTensor : IDisposable
{
    private readonly AlignedBuffer<float> _buffer;

    /// <summary>Wraps a buffer.</summary>
    /// <param name="buffer">The elements.</param>
    /// <param name="sizes">N, C, H, W (or OC, C/G, KH, KW; or one size).</param>
    /// <param name="channelsLast">Whether C changes fastest in memory.</param>
    public TorchTensor(AlignedBuffer<float> buffer, long[] sizes, bool channelsLast)
    {
        _buffer = buffer;
        long[] strides = sizes.Length == 1 ? [1]
            : channelsLast ? [sizes[1] * sizes[2] * sizes[3], 1, sizes[3] * sizes[1], sizes[1]]
            : [sizes[1] * sizes[2] * sizes[3], sizes[2] * sizes[3], sizes[3], 1];
        nint handle;
        fixed (long* size = sizes, stride = strides)
            LibTorch.Require(LibTorch.CreateTensor(buffer.Pointer, sizes.Length, size, stride, 0, LibTorch.Float32(), LibTorch.Cpu(), 0,
                &handle));
        Handle = handle;
    }

    public nint Handle { get; }

    public void Dispose()
    {
        LibTorch.Require(LibTorch.DeleteTensor(Handle));
        GC.KeepAlive(_buffer);
    }
}
