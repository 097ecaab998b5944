using CnnFast.Layers;

namespace CnnFast.Visualization.Tests;

public sealed class ActivationsTests
{
    [Fact]
    public void Layers_have_the_values_that_the_model_gives_of_them()
    {
        Model model = Nets.Trained();
        float[] input = Nets.Input(model);
        var activations = new Activations(model, input, "*");
        Assert.Equal(model.Layers.Skip(1).Select(layer => layer.Name), activations.Layers.Select(layer => layer.Name));
        foreach (LayerValues layer in activations.Layers)
        {
            float[] alone = model.WithOutputs(layer.Name).Predict(input);
            Assert.Equal(alone.Length, layer.Values.Length);
            for (int i = 0; i < alone.Length; i++)
                Assert.Equal(alone[i], layer.Values.Span[i], 1e-5f);
        }

        Assert.Equal(activations.Output.Values.ToArray(), activations.Probabilities);
    }

    [Fact]
    public void Without_a_pattern_layers_are_left_out_that_others_show_better()
    {
        Model model = Nets.Trained();
        Assert.Equal(["tanh", "pool", "dense"], new Activations(model, Nets.Input(model)).Layers.Select(layer => layer.Name));
    }

    [Fact]
    public void Scores_without_an_activation_become_probabilities()
    {
        var activations = new Activations(Nets.TwoMaps(), [1f, 2, 3, 4]);
        double wrong = Math.Exp(-5) / (Math.Exp(-5) + Math.Exp(2.5));
        Assert.Equal(1 - wrong, activations.Probabilities[0], 1e-6);
        Assert.Equal(wrong, activations.Probabilities[1], 1e-6);
        Assert.Equal(0, activations.Predicted);
        Assert.Equal("class 1", activations.ClassName(1));
    }

    [Fact]
    public void Of_an_output_that_is_no_number_nothing_is_guessed()
    {
        Model model = Nets.TwoMaps(softmax: true);
        Nets.Assign(model, "maps.filter", float.NaN, -1);
        var activations = new Activations(model, [1f, 2, 3, 4]);
        Assert.Equal(2, activations.Probabilities.Count);
        Assert.Null(activations.Predicted);
        var options = new PyramidOptions { Label = 0, Gradients = new Gradients(model, [1f, 2, 3, 4]), Cam = true, Saliency = true };
        string page = Pictures.Page(activations, options);
        Assert.Contains("The output is not finite: there is no guess.", page, StringComparison.Ordinal);
        Assert.DoesNotContain(": right.", page, StringComparison.Ordinal);
        Assert.DoesNotContain("which was predicted", page, StringComparison.Ordinal);
        Assert.DoesNotContain("width:NaN", page, StringComparison.Ordinal);
        Assert.True(Pictures.Pyramid(activations, options).Height > 0);
    }

    [Fact]
    public void Figures_and_the_strongest_channels_are_those_of_the_values()
    {
        Model model = new Sequential(new Conv2D(4, 1, name: "maps")).Build(new Shape(1, 2, 1));
        Nets.Assign(model, "maps.filter", 1, -3, 0, 2);
        LayerValues maps = new Activations(model, [1f, 2]).Layers[0];
        Assert.Equal((-6, 4, 0.25), (maps.Minimum, maps.Maximum, maps.ZeroShare));
        Assert.Equal(0, maps.Mean);
        Assert.Equal([1, 3], maps.StrongestChannels(2));
        Assert.Equal([0, 1, 2, 3], maps.StrongestChannels(9));
        Assert.Throws<ArgumentOutOfRangeException>(() => maps.StrongestChannels(0));
    }

    [Fact]
    public void What_does_not_fit_is_refused_in_one_sentence()
    {
        Model model = Nets.TwoMaps();
        Assert.Contains("No layer is named 'nope*'",
            Assert.Throws<ArgumentException>(() => new Activations(model, [1f, 2, 3, 4], "nope*")).Message, StringComparison.Ordinal);
        Assert.Throws<ShapeException>(() => new Activations(model, [1f, 2]));
        Assert.Throws<ShapeException>(() => new Activations(model, new byte[5]));
    }
}
