using System.Runtime.InteropServices;
using CnnFast.Kernels;

namespace CnnFast.Operators;

/// <summary>
/// A resize of images, or its gradient, which is the same with rows and columns read the other way round. Each row of the result is the
/// weighted sum of whole rows (in scratch memory, or the row itself where it is one), then of pixels of that. Work is cut into rows of the
/// result. Immutable and thread-safe; Run allocates nothing.
/// </summary>
internal sealed unsafe class ResizeOperator
{
    // A part writes about this many floats.
    private const int FloatsPerPart = 16384;

    // A float that is read and written costs about as much time as this many multiply-adds.
    private const long CostPerElement = 16;

    private readonly ResizeGeometry _geometry;
    private readonly ResizeKernels _kernels;
    private readonly ResizeAxis _rows;
    private readonly ResizeAxis _columns;
    private readonly int _channels;
    private readonly bool _selectsRows;
    private readonly int _rowsPerPart;
    private readonly string _who;

    private ResizeOperator(ResizeGeometry geometry, ResizeKernels kernels, bool backward)
        : this(geometry, kernels, backward ? geometry.Rows().Transpose() : geometry.Rows(),
            backward ? geometry.Columns().Transpose() : geometry.Columns(), backward)
    {
    }

    private ResizeOperator(ResizeGeometry geometry, ResizeKernels kernels, ResizeAxis rows, ResizeAxis columns, bool backward)
    {
        _geometry = geometry;
        _kernels = kernels;
        _rows = rows;
        _columns = columns;
        _channels = geometry.Input[3];
        _selectsRows = _rows.IsSelection;
        _rowsPerPart = (int)Math.Clamp(FloatsPerPart / OutputRow, 1, _rows.Output);
        _who = backward ? "ResizeBackward" : "Resize";
    }

    private nint InputRow => (nint)_columns.Input * _channels;

    private nint OutputRow => (nint)_columns.Output * _channels;

    private int PartsPerImage => (_rows.Output + _rowsPerPart - 1) / _rowsPerPart;

    /// <summary>Plans a resize and chooses the kernel.</summary>
    /// <param name="geometry">The sizes.</param>
    /// <param name="isa">The highest tier to use; null means <see cref="CpuInfo.Isa"/>.</param>
    public static ResizeOperator Create(ResizeGeometry geometry, IsaLevel? isa = null) =>
        Create(geometry, ResizeKernels.Choose(geometry.Input[3], isa));

    /// <summary>Plans a resize by any rule: what its rows and columns read.</summary>
    /// <param name="input">The images; N is the largest batch.</param>
    /// <param name="rows">What each row of the result reads.</param>
    /// <param name="columns">What each column of the result reads.</param>
    /// <param name="isa">The highest tier to use; null means <see cref="CpuInfo.Isa"/>.</param>
    public static ResizeOperator Create(Shape input, ResizeAxis rows, ResizeAxis columns, IsaLevel? isa = null) =>
        new(new ResizeGeometry(input, rows.Output, columns.Output, Interpolation.Bilinear), ResizeKernels.Choose(input[3], isa), rows,
            columns, backward: false);

    /// <summary>Plans a resize with kernels that the caller chose.</summary>
    public static ResizeOperator Create(ResizeGeometry geometry, ResizeKernels kernels) => new(geometry, kernels, backward: false);

    /// <summary>Plans the gradient of a resize by its input: <see cref="Run"/> goes from dy to dx.</summary>
    public static ResizeOperator CreateBackward(ResizeGeometry geometry, IsaLevel? isa = null) =>
        CreateBackward(geometry, ResizeKernels.Choose(geometry.Input[3], isa));

    /// <summary>Plans the gradient with kernels that the caller chose.</summary>
    public static ResizeOperator CreateBackward(ResizeGeometry geometry, ResizeKernels kernels) => new(geometry, kernels, backward: true);

    /// <summary>Plans the gradient of a resize by any rule; the arguments are those of the resize itself.</summary>
    public static ResizeOperator CreateBackward(Shape input, ResizeAxis rows, ResizeAxis columns, IsaLevel? isa = null) =>
        new(new ResizeGeometry(input, rows.Output, columns.Output, Interpolation.Bilinear), ResizeKernels.Choose(input[3], isa),
            rows.Transpose(), columns.Transpose(), backward: true);

    /// <summary>Bytes of scratch memory of one run on so many threads: a row of the source each.</summary>
    public int WorkspaceBytes(int threads) => _selectsRows ? 0 : checked((int)(threads * InputRow * sizeof(float)));

    /// <summary>From x to y (backward: from dy to dx), of n images; y is overwritten.</summary>
    /// <exception cref="ShapeException">n or a length does not fit.</exception>
    public void Run(IWorkScheduler s, int n, ReadOnlySpan<float> x, Span<float> y, Span<byte> workspace)
    {
        OperatorChecks.Batch(_who, n, _geometry.Input[0], _geometry);
        OperatorChecks.Length(_who, "the source", x.Length, (int)(n * _rows.Input * InputRow), _geometry);
        OperatorChecks.Length(_who, "the result", y.Length, (int)(n * _rows.Output * OutputRow), _geometry);
        OperatorChecks.Workspace(_who, workspace.Length, WorkspaceBytes(s.MaxThreads), _geometry);
        fixed (float* px = x, py = y, scratch = MemoryMarshal.Cast<byte, float>(workspace))
        fixed (ResizeTap* rowTaps = _rows.Taps, columnTaps = _columns.Taps)
        fixed (int* rowBegins = _rows.Begins, columnBegins = _columns.Begins)
        {
            var action = new RowAction(this, px, py, scratch, rowTaps, rowBegins, columnTaps, columnBegins);
            s.Run(n * PartsPerImage, Math.Max(x.Length, y.Length) * CostPerElement, action);
        }
    }

    private readonly struct RowAction(ResizeOperator op, float* x, float* y, float* scratch, ResizeTap* rowTaps, int* rowBegins,
        ResizeTap* columnTaps, int* columnBegins) : IRangeAction
    {
        private readonly float* _x = x;
        private readonly float* _y = y;
        private readonly float* _scratch = scratch;
        private readonly ResizeTap* _rowTaps = rowTaps;
        private readonly int* _rowBegins = rowBegins;
        private readonly ResizeTap* _columnTaps = columnTaps;
        private readonly int* _columnBegins = columnBegins;

        public void Invoke(int index, int worker)
        {
            (int image, int part) = Math.DivRem(index, op.PartsPerImage);
            int begin = part * op._rowsPerPart;
            int end = Math.Min(op._rows.Output, begin + op._rowsPerPart);
            float* images = _x + (image * op._rows.Input * op.InputRow);
            float* to = _y + (((image * op._rows.Output) + begin) * op.OutputRow);
            for (int row = begin; row < end; row++)
            {
                float* from = images;
                if (op._selectsRows)
                {
                    from += _rowTaps[row].Index * op.InputRow;
                }
                else
                {
                    from = _scratch + (worker * op.InputRow);
                    op._kernels.WeightedSum(images, from, _rowTaps, _rowBegins + row, 1, op.InputRow);
                }

                op._kernels.WeightedSum(from, to, _columnTaps, _columnBegins, op._columns.Output, op._channels);
                to += op.OutputRow;
            }
        }
    }
}
