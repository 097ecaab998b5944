using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using CnnFast.Kernels;

namespace CnnFast.Operators;

/// <summary>
/// A dense layer (a convolution of one pixel) whose weights are rounded to 16 bits when they are packed. Each panel of columns is a piece
/// of work; every output is one chain in a fixed order, so that neither batch nor threads change its bits. Immutable and thread-safe.
/// </summary>
internal sealed unsafe class BFloat16Dense : IConvolutionEngine
{
    private readonly ConvolutionPass _pass;
    private readonly BFloat16Kernels _kernels;
    private readonly BlockActivation _activation;
    private readonly int _terms;
    private readonly int _panels;

    /// <summary>Plans a layer.</summary>
    /// <param name="pass">A pass that <see cref="Serves"/>.</param>
    /// <param name="kernels">The kernels.</param>
    /// <param name="epilogue">What happens to the sums before they are stored.</param>
    /// <exception cref="ShapeException">The packed weights are larger than one buffer can be.</exception>
    public BFloat16Dense(ConvolutionPass pass, BFloat16Kernels kernels, Epilogue epilogue)
    {
        _pass = pass;
        _kernels = kernels;
        _terms = pass.Geometry.C;
        _panels = (pass.Channels + kernels.Columns - 1) / kernels.Columns;
        _activation = BlockActivation.InMemory(epilogue, kernels.Isa);
        PackedFilterLength = OperatorChecks.PackedLength((long)_panels * PanelFloats, pass.Geometry);
    }

    public string KernelName => ((IKernelSet)_kernels).NameOf(_kernels.Operations[0]);

    public int PackedFilterLength { get; }

    private long PanelFloats => (long)_terms * BFloat16Kernels.Words * _kernels.Lanes;

    /// <summary>Whether a pass is a dense layer.</summary>
    public static bool Serves(ConvolutionPass pass)
    {
        Conv2DGeometry g = pass.Geometry;
        return pass.IsForward && pass.Groups == 1 && g is { KH: 1, KW: 1, H: 1, W: 1 } && pass is { Rows: 1, Columns: 1 };
    }

    public int WorkspaceBytes(int threads) => 0;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void PackColumns(in FilterColumns filter, Span<float> packed, bool keepsDenormals)
    {
        int lanes = _kernels.Lanes, width = _kernels.Columns;
        Span<ushort> halves = MemoryMarshal.Cast<float, ushort>(packed);
        for (int panel = filter.First / width; panel * width < filter.End; panel++)
        {
            (int from, int end) = filter.Among(panel * width, width);

            // Columns that there are not are zeros, and belong to the last one that there is.
            int last = end == _pass.Channels ? (panel + 1) * width : end;
            for (int term = 0; term < _terms; term++)
            {
                ReadOnlySpan<float> row = filter.Row(term, from, end);
                Span<ushort> to = halves.Slice((int)(2 * ((panel * PanelFloats) + ((long)term * BFloat16Kernels.Words * lanes))), width);
                for (int column = from; column < last; column++)
                {
                    int inside = column - (panel * width), vector = inside / lanes;
                    to[((vector / 2 * lanes) + (inside % lanes)) * 2 + (vector % 2)] =
                        column < end ? BFloat16Kernels.Round(row[column - from]) : (ushort)0;
                }
            }
        }
    }

    public void Run(IWorkScheduler scheduler, int batch, float* source, float* packed, ReadOnlySpan<float> bias, float* residual,
        float* destination, byte* workspace)
    {
        fixed (float* start = bias)
        {
            var action = new PanelAction(this, batch, source, packed, start, residual, destination);
            scheduler.Run(_panels, (long)_terms * _pass.Channels * batch, action);
        }

        GC.KeepAlive(this);
    }

    private void RunPanel(int panel, in PanelAction run)
    {
        nint first = (nint)panel * _kernels.Columns;
        BFloat16Run tile;
        tile.X = run.Source;
        tile.Panel = run.Packed + ((nint)panel * (nint)PanelFloats);
        tile.Bias = run.Bias is null ? null : run.Bias + first;
        tile.Residual = run.Residual is null ? null : run.Residual + first;
        tile.Y = run.Destination + first;
        tile.Rows = run.Batch;
        tile.Terms = _terms;
        tile.Columns = Math.Min(_kernels.Columns, _pass.Channels - first);
        tile.Pitch = _pass.Pitch;
        _kernels.Run(&tile);
        if (!_activation.IsNone)
            _activation.Run(tile.Y, tile.Rows, tile.Columns, tile.Pitch);
    }

    private readonly struct PanelAction(
        BFloat16Dense engine,
        int batch,
        float* source,
        float* packed,
        float* bias,
        float* residual,
        float* destination) : IRangeAction
    {
        public readonly int Batch = batch;
        public readonly float* Source = source;
        public readonly float* Packed = packed;
        public readonly float* Bias = bias;
        public readonly float* Residual = residual;
        public readonly float* Destination = destination;

        public void Invoke(int index, int worker) => engine.RunPanel(index, this);
    }
}
