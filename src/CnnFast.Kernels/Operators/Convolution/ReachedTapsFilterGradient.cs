namespace CnnFast.Operators;

/// <summary>The filter gradient of the reached taps; 0 of the others.</summary>
internal sealed unsafe class ReachedTapsFilterGradient(ReachedTaps taps, IFilterGradientEngine engine) : IFilterGradientEngine
{
    public string KernelName => engine.KernelName;

    public int WorkspaceBytes(int threads) => engine.WorkspaceBytes(threads);

    public void Run(IWorkScheduler scheduler, int batch, float* x, float* dy, float* dw, float* db, byte* workspace)
    {
        engine.Run(scheduler, batch, x, dy, dw, db, workspace);

        // The smaller gradient lies at the start of the whole one: its rows go to their places, the last one first.
        Conv2DGeometry g = taps.All;
        int stretch = taps.Stretch * g.OC;
        var whole = new Span<float>(dw, g.KH * g.KW * g.GroupC * g.OC);
        int end = whole.Length;
        for (int kh = taps.Geometry.KH - 1; kh >= 0; kh--)
        {
            int start = taps.StretchStart(kh) * g.OC;
            whole.Slice(kh * stretch, stretch).CopyTo(whole[start..]);
            whole[(start + stretch)..end].Clear();
            end = start;
        }

        whole[..end].Clear();
    }
}
