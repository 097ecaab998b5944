using CnnFast.Layers;
using CnnFast.Training;

namespace CnnFast.Visualization.Tests;

public sealed class GradientsTests
{
    [Fact]
    public void A_low_input_of_many_channels_is_no_picture_in_planes()
    {
        Model low = new Sequential(new Conv2D(2, 1), new GlobalAveragePool2D(), new Dense(2)).Build(new Shape(1, 5, 4));
        HeatMap map = new Gradients(low, Nets.Input(low)).Saliency(0);
        Assert.Equal((1, 5), (map.Height, map.Width));
        Assert.Contains("the strongest 2 of 4 channels by mean absolute value",
            Pictures.Page(new Activations(low, Nets.Input(low)), new PyramidOptions { Channels = 2 }), StringComparison.Ordinal);
    }

    private static readonly float[] Ramp = [1, 2, 3, 4];

    // Class 0: weights of the maps 2/4 and 1/4, so 0.25 x; class 1: 1/4 and 3/4, so −0.5 x, of which nothing stays.
    [Theory]
    [InlineData(0, 0.25f)]
    [InlineData(1, 0)]
    public void Grad_CAM_is_what_it_is_by_hand(int index, float factor)
    {
        HeatMap cam = new Gradients(Nets.TwoMaps(), Ramp).GradCam(index);
        Assert.Equal((2, 2), (cam.Height, cam.Width));
        Assert.Equal(Ramp.Select(x => factor * x), cam.Values.ToArray());
    }

    [Theory]
    [InlineData(0, 0.25f)]
    [InlineData(1, 0.5f)]
    public void Saliency_is_what_it_is_by_hand(int index, float magnitude)
    {
        foreach (bool softmax in (bool[])[false, true])
        {
            HeatMap saliency = new Gradients(Nets.TwoMaps(softmax), Ramp).Saliency(index);
            Assert.Equal(Enumerable.Repeat(magnitude, 4), saliency.Values.ToArray());
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void The_gradient_at_the_end_is_the_probabilities_minus_the_label(int label)
    {
        Model model = Nets.Trained();
        float[] input = Nets.Input(model);
        var gradients = new Gradients(model, input, label);
        float[] probabilities = model.Predict(input);
        Assert.False(gradients.IsPredicted);
        Assert.Equal(-Math.Log(probabilities[label]), gradients.Loss, 1e-5);
        for (int i = 0; i < 3; i++)
            Assert.Equal(probabilities[i] - (i == label ? 1 : 0), gradients.Output.Values.Span[i], 1e-6f);
        Assert.Equal(gradients.Output.Values.ToArray(), gradients.Layers.First(layer => layer.Name == "dense").Values.ToArray());
    }

    // Dropout and the statistics of batches would depart from Predict by far.
    [Fact]
    public void The_gradient_by_the_input_is_that_of_central_differences_in_inference()
    {
        Model model = Nets.Trained();
        float[] input = Nets.Input(model);
        float[] gradient = new Gradients(model, input, 1).Layers[0].Values.ToArray();
        for (int i = 0; i < input.Length; i += 7)
        {
            double Loss(float step)
            {
                float[] moved = [.. input];
                moved[i] += step;
                return -Math.Log(model.Predict(moved)[1]);
            }

            Assert.Equal((Loss(0.01f) - Loss(-0.01f)) / 0.02, gradient[i], 2e-3);
        }
    }

    [Fact]
    public void The_gradients_of_layers_are_those_of_a_training_session()
    {
        Model model = Nets.TwoMaps(softmax: true);
        var session = new TrainingSession(model, new TrainingSessionOptions
        {
            Losses = [new LossTerm(new SoftmaxCrossEntropy())],
            Values = ["maps", "means"],
        });
        session.Forward(1, Ramp);
        session.Loss([1]);
        session.Backward();
        var gradients = new Gradients(model, Ramp, 1);
        Assert.Equal(["input", "maps", "means", "scores"], gradients.Layers.Select(layer => layer.Name));
        foreach (string name in (string[])["maps", "means"])
            Assert.Equal(session.ValueGradient(name).ToArray(), gradients.Layers.First(layer => layer.Name == name).Values.ToArray());
    }

    [Fact]
    public void Without_a_label_the_predicted_class_is_taken_and_the_model_stays()
    {
        Model model = Nets.Trained();
        float[] before = [.. model.Parameters.SelectMany(parameter => parameter.Values.ToArray())];
        float[] input = Nets.Input(model);
        var gradients = new Gradients(model, input);
        Assert.True(gradients.IsPredicted);
        Assert.Equal(new Activations(model, input).Predicted, gradients.Label);
        Assert.Equal(before, model.Parameters.SelectMany(parameter => parameter.Values.ToArray()));
        Assert.All(model.Parameters, parameter => Assert.True(parameter.Trainable));
    }

    [Fact]
    public void Labels_for_themselves_have_a_gradient_divided_by_their_number()
    {
        Model model = Nets.Trained(new Sigmoid(name: "end"));
        float[] input = Nets.Input(model);
        float[] outputs = model.Predict(input);
        var gradients = new Gradients(model, input, 2);
        for (int i = 0; i < 3; i++)
            Assert.Equal((outputs[i] - (i == 2 ? 1 : 0)) / 3, gradients.Output.Values.Span[i], 1e-6f);
    }

    [Fact]
    public void What_has_no_such_gradients_is_refused_in_one_sentence()
    {
        Model classifier = Nets.TwoMaps();
        Assert.Contains("expected 0 to 1", Assert.Throws<ArgumentOutOfRangeException>(() => new Gradients(classifier, Ramp, 2)).Message,
            StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new Gradients(classifier, Ramp).GradCam(-1));
        Assert.Throws<ShapeException>(() => new Gradients(classifier, [1, 2, 3]));
        Model dense = new Sequential(new Flatten(), new Dense(3)).Build(new Shape(2, 2, 1));
        Assert.Contains("no convolution", Assert.Throws<ArgumentException>(() => new Gradients(dense, Ramp).GradCam(0)).Message,
            StringComparison.Ordinal);
        Model number = new Sequential(new Flatten(), new Dense(1)).Build(new Shape(2, 2, 1));
        Assert.Contains("expected a classifier", Assert.Throws<ArgumentException>(() => new Gradients(number, Ramp)).Message,
            StringComparison.Ordinal);
    }
}
