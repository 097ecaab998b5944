using CnnFast.Graphs;
using CnnFast.Layers;
using CnnFast.Tests.Models;
using CnnFast.Verification;

namespace CnnFast.Tests.Training;

public sealed class SpatialDropoutTests
{
    [Theory]
    [InlineData(5, 4, 30)]
    [InlineData(1, 7, 40)]
    public void Whole_channels_are_dropped_and_the_others_scaled(int h, int w, int c)
    {
        const int Batch = 3;
        Model model = new Sequential(new SpatialDropout(0.25f), new Reshape([-1])).Build(new Shape(h, w, c));
        float[] x = TestModels.Input(model, Batch);
        var key = new RandomKey(5, 1);
        var reference = new ReferenceModel(model.Graph, Batch) { Training = true, Key = key };
        reference.SetInput(0, x);
        double[] y = reference.Forward();
        int dropped = 0;
        for (int n = 0; n < Batch; n++)
        {
            for (int channel = 0; channel < c; channel++)
            {
                int[] pixels = [.. Enumerable.Range(0, h * w).Select(pixel => (((n * h * w) + pixel) * c) + channel)];
                double factor = y[pixels[0]] == 0 ? 0 : 1 / 0.75;
                dropped += factor == 0 ? 1 : 0;
                Assert.All(pixels, i => Assert.Equal(x[i] * factor, y[i], 1e-6));
            }
        }

        Assert.InRange(dropped, Batch * c / 10, Batch * c / 2);
    }

    [Fact]
    public void It_costs_nothing_in_inference()
    {
        Model model = new Sequential(new SpatialDropout(0.5f), new Flatten(), new Dense(2)).Build(new Shape(3, 3, 4));
        using var session = new InferenceSession(model);
        Assert.DoesNotContain(session.Plan.Steps, step => step.Kind.Contains("Dropout", StringComparison.Ordinal));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SpatialDropout(1));
    }
}
