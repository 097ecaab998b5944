namespace CnnFast.Operators;

/// <summary>dy is read where it lies.</summary>
internal sealed unsafe class DyInPlace(Conv2DGeometry g, IsaLevel isa, FilterGradientChunks chunks) : DyPanels(g, isa, chunks, g.OC)
{
    private const int MostAbreast = 16;
    private const int Abreast = 8;

    public override nint ScratchFloats => Geometry.OC + (Abreast * Math.Min(Geometry.OC, MostAbreast));

    public override void Begin(in GradientUnit unit, in PixelBlock block)
    {
        if (unit.Panels.First != 0 || unit.Tiles.First != 0)
            return;
        SumAll(block.Dy, block.Pixels, unit.Scratch);
        AddBias(unit.Scratch, unit.BiasSums, Geometry.OC, block.Adds);
    }

    public override float* Panel(in GradientUnit unit, in PixelBlock block, int channel, int width) => block.Dy + channel;

    // Few columns are summed several pixels side by side, so that vectors are full and the chains short.
    private void SumAll(float* dy, nint pixels, float* sums)
    {
        int columns = Geometry.OC;
        nint together = pixels / Abreast;
        if (columns >= MostAbreast || together == 0)
        {
            SumColumns(dy, pixels, columns, sums);
            return;
        }

        float* wide = sums + columns;
        SumColumns(dy, together, Abreast * columns, wide);
        SumRows.Copy(wide, sums, columns);
        for (int i = 1; i < Abreast; i++)
            SumRows.Add(wide + (i * columns), sums, columns);
        for (nint pixel = together * Abreast; pixel < pixels; pixel++)
            SumRows.Add(dy + (pixel * columns), sums, columns);
    }
}
