using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace CnnFast.Benchmarks;

/// <summary>
/// The rate of a plain vector copy (loads and stores of 512 bits where the processor has them, else 256, four at once) of a given footprint
/// on the threads of a scheduler: what the operators that memory bounds are measured against. Stores are ordinary ones, so lines come into
/// the cache before they are written.
/// </summary>
internal sealed class CopyBandwidth
{
    private const int Block = 16384;

    private readonly AlignedBuffer<float> _from;
    private readonly AlignedBuffer<float> _to;
    private readonly IWorkScheduler _scheduler;

    /// <summary>Makes the buffers.</summary>
    /// <param name="bytes">Bytes read and written together.</param>
    /// <param name="scheduler">Where the copy runs.</param>
    public CopyBandwidth(long bytes, IWorkScheduler scheduler)
    {
        int length = (int)Math.Max(Block, bytes / (2 * sizeof(float)));
        _from = SeededBuffer.Create(length, 9);
        _to = new AlignedBuffer<float>(length);
        _scheduler = scheduler;
    }

    /// <summary>Copies the footprint until about 2 MB, or the footprint once, have been moved.</summary>
    /// <returns>Bytes read and written.</returns>
    public double Run()
    {
        double once = 2.0 * sizeof(float) * _from.Length;
        int rounds = (int)Math.Max(1, 2e6 / once);
        for (int i = 0; i < rounds; i++)
            _scheduler.Run((_from.Length + Block - 1) / Block, 16L * _from.Length, new CopyAction(_from, _to));
        return rounds * once;
    }

    private readonly struct CopyAction(AlignedBuffer<float> from, AlignedBuffer<float> to) : IRangeAction
    {
        public void Invoke(int index, int worker)
        {
            int start = index * Block, count = Math.Min(Block, from.Length - start);
            ReadOnlySpan<float> source = from.Span.Slice(start, count);
            Span<float> destination = to.Span.Slice(start, count);
            if (Vector512.IsHardwareAccelerated)
                Copy512(source, destination);
            else
                Copy256(source, destination);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        private static void Copy512(ReadOnlySpan<float> from, Span<float> to)
        {
            ref float source = ref MemoryMarshal.GetReference(from);
            ref float destination = ref MemoryMarshal.GetReference(to);
            nuint i = 0;
            for (; i + 64 <= (nuint)from.Length; i += 64)
            {
                Vector512<float> a = Vector512.LoadUnsafe(ref source, i), b = Vector512.LoadUnsafe(ref source, i + 16),
                    c = Vector512.LoadUnsafe(ref source, i + 32), d = Vector512.LoadUnsafe(ref source, i + 48);
                a.StoreUnsafe(ref destination, i);
                b.StoreUnsafe(ref destination, i + 16);
                c.StoreUnsafe(ref destination, i + 32);
                d.StoreUnsafe(ref destination, i + 48);
            }

            from[(int)i..].CopyTo(to[(int)i..]);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        private static void Copy256(ReadOnlySpan<float> from, Span<float> to)
        {
            ref float source = ref MemoryMarshal.GetReference(from);
            ref float destination = ref MemoryMarshal.GetReference(to);
            nuint i = 0;
            for (; i + 32 <= (nuint)from.Length; i += 32)
            {
                Vector256<float> a = Vector256.LoadUnsafe(ref source, i), b = Vector256.LoadUnsafe(ref source, i + 8),
                    c = Vector256.LoadUnsafe(ref source, i + 16), d = Vector256.LoadUnsafe(ref source, i + 24);
                a.StoreUnsafe(ref destination, i);
                b.StoreUnsafe(ref destination, i + 8);
                c.StoreUnsafe(ref destination, i + 16);
                d.StoreUnsafe(ref destination, i + 24);
            }

            from[(int)i..].CopyTo(to[(int)i..]);
        }
    }
}
