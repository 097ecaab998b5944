using CnnFast.Kernels;

namespace CnnFast.Operators;

/// <summary>
/// The mean and the variance of every group of channels of one sample [pixels, groups × channels], and the memory in which a sample is
/// worked on. Deviations are taken from a first mean that sums in float give, and correct it: so both keep their digits where the mean is
/// large beside the deviation. Parts are summed in float, their sums in double in order. Immutable.
/// </summary>
internal sealed unsafe class GroupStatistics
{
    private readonly NormalizationKernels _kernels;
    private readonly ReduceKernels _sums;
    private readonly nint _totalFloats;
    private readonly nint _rowFloats;
    private readonly nint _partialFloats;

    /// <summary>Takes the sizes.</summary>
    /// <param name="pixels">Pixels of a sample.</param>
    /// <param name="groups">Groups.</param>
    /// <param name="channels">Channels of a group.</param>
    /// <param name="epsilon">Added to the variance.</param>
    /// <param name="added">Added to the deviation.</param>
    /// <param name="kernels">The kernels.</param>
    /// <param name="sums">The kernels of sums.</param>
    public GroupStatistics(int pixels, int groups, int channels, double epsilon, double added, NormalizationKernels kernels,
        ReduceKernels sums)
    {
        _kernels = kernels;
        _sums = sums;
        (Pixels, Groups, Channels, Epsilon, Added) = (pixels, groups, channels, epsilon, added);
        Cut = new ChannelCut(checked(groups * channels));
        _totalFloats = WorkspaceLayout.AlignFloats(2 * (nint)Cut.Channels);
        _rowFloats = WorkspaceLayout.AlignFloats(Cut.Columns);
        _partialFloats = WorkspaceLayout.AlignFloats(checked((nint)Cut.Blocks(pixels) * Cut.Columns));
    }

    public int Pixels { get; }

    public int Groups { get; }

    /// <summary>Channels of a group.</summary>
    public int Channels { get; }

    public double Epsilon { get; }

    public double Added { get; }

    public NormalizationKernels Kernels => _kernels;

    /// <summary>How the pixels of a sample are cut.</summary>
    public ChannelCut Cut { get; }

    /// <summary>Elements of a sample.</summary>
    public nint Sample => (nint)Pixels * Cut.Channels;

    /// <summary>Elements of a group.</summary>
    public double Elements => (double)Pixels * Channels;

    /// <summary>Floats of a worker's memory.</summary>
    public nint WorkerFloats => checked((4 * _totalFloats) + (4 * _rowFloats) + (3 * _partialFloats));

    /// <summary>One of four arrays of a double a channel in a worker's memory; two hold what <see cref="Compute"/> found.</summary>
    public double* Totals(float* memory, int index) => (double*)(memory + (index * _totalFloats));

    /// <summary>One of four rows of the cut in a worker's memory; the first holds the means.</summary>
    public float* Row(float* memory, int index) => memory + (4 * _totalFloats) + (index * _rowFloats);

    /// <summary>One of three rows of the cut for every part in a worker's memory.</summary>
    public float* Partial(float* memory, int index) => memory + (4 * _totalFloats) + (4 * _rowFloats) + (index * _partialFloats);

    /// <summary>
    /// Leaves the means as floats in row 0, and of every group in Totals 2 what they lack to the true one, in Totals 3 √(variance +
    /// epsilon).
    /// </summary>
    public void Compute(IWorkScheduler s, float* x, float* memory)
    {
        double* sums = Totals(memory, 0), squares = Totals(memory, 1), lacking = Totals(memory, 2), deviation = Totals(memory, 3);
        float* centre = Row(memory, 0);
        ChannelSum.Total(s, _sums, Cut, Pixels, x, Partial(memory, 0), sums);
        for (int group = 0; group < Groups; group++)
        {
            double sum = 0;
            for (int c = group * Channels; c < (group + 1) * Channels; c++)
                sum += sums[c];
            new Span<float>(centre + (group * Channels), Channels).Fill((float)(sum / Elements));
        }

        Cut.TileInPlace(centre);
        int blocks = Cut.Blocks(Pixels);
        s.Run(blocks, Sample * 16L, new DeviationsAction(this, x, centre, Partial(memory, 0), Partial(memory, 1)));
        Cut.AddUp(Partial(memory, 0), blocks, sums);
        Cut.AddUp(Partial(memory, 1), blocks, squares);
        for (int group = 0; group < Groups; group++)
        {
            double sum = 0, square = 0;
            for (int c = group * Channels; c < (group + 1) * Channels; c++)
            {
                sum += sums[c];
                square += squares[c];
            }

            double mean = sum / Elements;
            lacking[group] = mean;
            deviation[group] = Math.Sqrt(Math.Max(0, (square / Elements) - (mean * mean)) + Epsilon);
        }
    }

    private readonly struct DeviationsAction(GroupStatistics op, float* x, float* mean, float* sums, float* squares) : IRangeAction
    {
        private readonly float* _x = x;
        private readonly float* _mean = mean;
        private readonly float* _sums = sums;
        private readonly float* _squares = squares;

        public void Invoke(int index, int worker)
        {
            ChannelBlock block = op.Cut.Block(index, op.Pixels);
            nint row = (nint)index * op.Cut.Columns;
            op._kernels.SquareSum(_x + block.Start, _mean, _squares + row, _sums + row, block.Rows, block.Columns);
            int rest = op.Cut.Columns - (int)block.Columns;
            new Span<float>(_sums + row + block.Columns, rest).Clear();
            new Span<float>(_squares + row + block.Columns, rest).Clear();
        }
    }
}
