namespace CnnFast.Operators;

/// <summary>
/// Who owns the sums of a filter gradient. Each split of the batch has sums of its own in the workspace, filter then bias, which are added
/// in order at the end; a single split writes the result itself.
/// </summary>
/// <param name="splits">The most splits of a batch.</param>
/// <param name="floats">Floats of the filter's sums.</param>
/// <param name="channels">Floats of the bias's sums.</param>
internal unsafe class FilterSums(int splits, nint floats, int channels)
{
    private const int GatherFloats = 16 * 1024;

    private readonly nint _filterFloats = WorkspaceLayout.AlignFloats(floats);

    /// <summary>Floats from the sums of a split to those of the next.</summary>
    public nint Step => _filterFloats + WorkspaceLayout.AlignFloats(channels);

    /// <summary>Floats of the workspace for all sums.</summary>
    public virtual nint SharedFloats => splits == 1 ? WorkspaceLayout.AlignFloats(channels) : checked(splits * Step);

    /// <summary>The filter's sums of the first split of a run.</summary>
    public virtual float* Filter(float* shared, float* dw, int runSplits) => runSplits == 1 ? dw : shared;

    /// <summary>The bias's sums of the first split.</summary>
    public virtual float* Bias(float* shared) => splits == 1 ? shared : shared + _filterFloats;

    /// <summary>Writes the filter's gradient from the sums of all splits.</summary>
    public virtual void WriteFilter(IWorkScheduler scheduler, float* shared, int runSplits, float* dw) =>
        Gather(scheduler, shared, runSplits, dw);

    /// <summary>Writes the bias's gradient from the sums of all splits.</summary>
    public void WriteBias(float* shared, int runSplits, float* db) => SumRows.SumSplits(Bias(shared), Step, runSplits, db, channels);

    protected nint WorkspaceFilter => _filterFloats;

    /// <summary>Adds the sums of all splits, where there are several.</summary>
    protected void Gather(IWorkScheduler scheduler, float* shared, int runSplits, float* to)
    {
        if (runSplits == 1)
            return;
        int parts = (int)((floats + GatherFloats - 1) / GatherFloats);
        scheduler.Run(parts, floats * runSplits, new GatherAction(shared, Step, runSplits, to, floats));
    }

    private readonly struct GatherAction(float* sums, nint step, int splits, float* to, nint floats) : IRangeAction
    {
        public void Invoke(int index, int worker)
        {
            nint at = (nint)index * GatherFloats;
            SumRows.SumSplits(sums + at, step, splits, to + at, (int)Math.Min(GatherFloats, floats - at));
        }
    }
}

/// <summary>Sums whose rows are output channels, always in the workspace; the filter is their transpose.</summary>
/// <param name="g">The convolution.</param>
/// <param name="splits">The most splits of a batch.</param>
/// <param name="rows">Rows of the sums.</param>
/// <param name="columns">Floats from a row to the next.</param>
/// <param name="runColumns">Columns from a filter row to the next.</param>
internal sealed unsafe class TransposedSums(Conv2DGeometry g, int splits, int rows, nint columns, nint runColumns)
    : FilterSums(splits, WorkspaceLayout.AlignFloats(checked(rows * columns)), g.OC)
{
    private readonly int _splits = splits;

    public override nint SharedFloats => checked(_splits * Step);

    public override float* Filter(float* shared, float* dw, int runSplits) => shared;

    public override float* Bias(float* shared) => shared + WorkspaceFilter;

    public override void WriteFilter(IWorkScheduler scheduler, float* shared, int runSplits, float* dw)
    {
        Gather(scheduler, shared, runSplits, shared);
        int run = g.KW * g.GroupC;
        for (int a = 0; a < g.KH; a++)
            SumRows.Transpose(shared + (a * runColumns), columns, run, dw + ((nint)a * run * g.OC), g.OC);
    }
}
